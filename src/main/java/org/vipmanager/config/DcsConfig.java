package org.vipmanager.config;

import org.vipmanager.tls.TlsFiles;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** How the DCS is reached, by its type. */
public sealed interface DcsConfig {

    DcsType type();

    /**
     * In the order in which they were written; empty only where name servers tell them; scheme http
     * or https, no user part.
     */
    List<URI> endpoints();

    /** Where name servers tell the endpoints. */
    default Optional<EtcdSrv> srv() {
        return Optional.empty();
    }

    TlsFiles tls();

    /**
     * etcd with its version 3 interface.
     *
     * @param endpoints always with a port and without a path; empty exactly with {@code srv}
     * @param user authenticates when present
     * @param password only together with {@code user}
     */
    record Etcd(
            List<URI> endpoints,
            Optional<EtcdSrv> srv,
            Optional<String> user,
            Optional<Secret> password,
            TlsFiles tls)
            implements DcsConfig {

        public Etcd(
                List<URI> endpoints,
                Optional<String> user,
                Optional<Secret> password,
                TlsFiles tls) {
            this(endpoints, Optional.empty(), user, password, tls);
        }

        /** The same once its endpoints are known. */
        public Etcd at(List<URI> found) {
            return new Etcd(found, srv, user, password, tls);
        }

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
