package org.vipmanager.core;

/**
 * The age of an answer as the DCS itself counts it.
 *
 * <p>etcd: the cluster id and revision of the response header for a read, the key's mod revision
 * for a watch event. Consul: {@code X-Consul-Index}. Patroni counts nothing: always zero.
 *
 * @param cluster the cluster's id; another id means another store
 * @param number grows with every change of the store
 */
public record Revision(long cluster, long number) {}
