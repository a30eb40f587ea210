package org.vipmanager.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files of a TLS client; all were there and readable when the configuration was loaded.
 *
 * @param ca who may have signed the server's certificate; the system's trust store when empty
 * @param certificate the client's certificate; only together with {@code key}
 * @param key the client's private key
 */
public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

    static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());
}
