package org.vipmanager.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The PEM files of one kind of connection, and whom its servers must prove to be.
 *
 * @param authorities the certificates of the authorities that are trusted; empty means those of the
 *     system
 * @param certificate this host's own certificate, followed by those between it and its authority
 * @param key the private key of that certificate; only together with it
 * @param serverName the host that the servers' certificates must name, whatever the endpoints call
 *     it; empty means the endpoint's own
 */
public record TlsFiles(
        Optional<Path> authorities,
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<ServerName> serverName) {

    /** No files: trust whom the system trusts, and show no certificate. */
    public static final TlsFiles NONE =
            new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    /** Servers that must prove to be whom the endpoint names. */
    public TlsFiles(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {
        this(authorities, certificate, key, Optional.empty());
    }

    /** The same for servers of that name. */
    public TlsFiles forServer(Optional<ServerName> name) {
        return new TlsFiles(authorities, certificate, key, name);
    }

    /** The same with other authorities, where none are named. */
    TlsFiles orTrusting(Supplier<Optional<Path>> others) {
        return new TlsFiles(authorities.or(others), certificate, key, serverName);
    }

    /** Whom the server of an endpoint must prove to be. */
    public ServerName serverAt(String host) {
        return serverName.orElseGet(() -> new ServerName(host));
    }

    /** The files that are named. */
    List<Path> paths() {
        return Stream.of(authorities, certificate, key).flatMap(Optional::stream).toList();
    }
}
