package org.vipmanager.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the two providers' interfaces need; each part is present when an address uses it.
 *
 * @param robotCredentials the file with {@code user="..."} and {@code pass="..."}
 * @param serverIp this server's main address; looked up when empty
 * @param endpoint where the interface is, without a slash at the end; its own place when empty
 * @param checkInterval the time between two looks whether an address still is where it was
 * @param cloudToken the token of the Hetzner Cloud project
 * @param cloudServerId this server's id; asked from the metadata service when empty
 */
public record HetznerConfig(
        Optional<Path> robotCredentials,
        Optional<InetAddress> serverIp,
        Optional<URI> endpoint,
        Duration checkInterval,
        Optional<Secret> cloudToken,
        Optional<String> cloudServerId) {}
