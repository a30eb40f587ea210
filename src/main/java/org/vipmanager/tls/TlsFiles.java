package org.vipmanager.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The PEM files of one kind of connection.
 *
 * @param authorities the certificates of the authorities that are trusted; empty means those of the
 *     system
 * @param certificate this host's own certificate, followed by those between it and its authority
 * @param key the private key of that certificate; only together with it
 */
public record TlsFiles(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {

    /** No files: trust whom the system trusts, and show no certificate. */
    public static final TlsFiles NONE =
            new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    /** The same with other authorities, where none are named. */
    TlsFiles orTrusting(Supplier<Optional<Path>> others) {
        return new TlsFiles(authorities.or(others), certificate, key);
    }

    /** The files that are named. */
    List<Path> paths() {
        return Stream.of(authorities, certificate, key).flatMap(Optional::stream).toList();
    }
}
