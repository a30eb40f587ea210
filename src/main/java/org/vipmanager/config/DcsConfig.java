package org.vipmanager.config;

import org.vipmanager.tls.TlsFiles;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** How the DCS is reached, by its type. */
public sealed interface DcsConfig {

    DcsType type();

    /** In the order in which they were written; never empty; scheme http or https, no user part. */
    List<URI> endpoints();

    TlsFiles tls();

    /**
     * etcd with its version 3 interface.
     *
     * @param endpoints always with a port and without a path
     * @param user authenticates when present
     * @param password only together with {@code user}
     */
    record Etcd(List<URI> endpoints, Optional<String> user, Optional<Secret> password, TlsFiles tls)
            implements DcsConfig {
        @Override
        public DcsType type() {
            return DcsType.ETCD;
        }
    }

    /**
     * Consul's key-value store.
     *
     * @param endpoints without a path
     */
    record Consul(List<URI> endpoints, Optional<Secret> token, TlsFiles tls) implements DcsConfig {
        @Override
        public DcsType type() {
            return DcsType.CONSUL;
        }
    }

    /**
     * The local Patroni's REST API.
     *
     * @param endpoints exactly one: each Patroni answers for its own host; without a trailing slash
     */
    record Patroni(List<URI> endpoints, TlsFiles tls) implements DcsConfig {
        @Override
        public DcsType type() {
            return DcsType.PATRONI;
        }
    }
}
