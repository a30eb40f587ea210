package org.vipmanager.core;

/**
 * What makes this host the leader: the leader key of the DCS and the value it must have.
 *
 * @param key the key in etcd or Consul, such as {@code /service/db/leader}, or the path of
 *     Patroni's REST API
 * @param value the value that names this host, or Patroni's status code as text
 */
public record Trigger(String key, String value) {}
