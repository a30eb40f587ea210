package org.vipmanager.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the operating system keeps the authorities that it trusts.
 *
 * <p>Not the JDK's own: an administrator adds a company's authority with {@code
 * update-ca-certificates} or {@code update-ca-trust}, which write these files.
 */
final class SystemAuthorities {

    private static final List<String> BUNDLES =
            List.of(
                    "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Alpine
                    "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL
                    "/etc/ssl/ca-bundle.pem", // SUSE
                    "/etc/ssl/cert.pem");

    private SystemAuthorities() {}

    /** The bundle of this system; {@code SSL_CERT_FILE} names another, as for OpenSSL and Go. */
    static Optional<Path> bundle() {
        Stream<String> named = Optional.ofNullable(System.getenv("SSL_CERT_FILE")).stream();
        return Stream.concat(named, BUNDLES.stream())
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst();
    }
}
