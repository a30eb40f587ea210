package org.vipmanager.config;

import java.util.Optional;

/**
 * Where name servers tell etcd's endpoints.
 *
 * @param domain a host's name
 * @param suffix of letters, digits and dashes
 */
public record EtcdSrv(String domain, Optional<String> suffix) {}
