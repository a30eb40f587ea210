package org.vipmanager.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the two providers' interfaces need; each part is present when an address uses it.
 *
 * @param robotCredentials the file with {@code user="..."} and {@code pass="..."}
 * @param cloudToken the token of the Hetzner Cloud project
 * @param cloudServerId this server's id; asked from the metadata service when empty
 */
public record HetznerConfig(
        Optional<Path> robotCredentials,
        Optional<Secret> cloudToken,
        Optional<String> cloudServerId) {}
