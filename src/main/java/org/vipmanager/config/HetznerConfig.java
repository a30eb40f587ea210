package org.vipmanager.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the two providers' interfaces need; each part is present when an address uses it.
 *
 * @param robot of the Robot
 * @param cloud of the Cloud
 * @param checkInterval the time between two looks whether an address still is where it was; that of
 *     the interface when empty
 * @param pollInterval the time between two looks while a switch is under way; that of the interface
 *     when empty
 */
public record HetznerConfig(
        Optional<Robot> robot,
        Optional<Cloud> cloud,
        Optional<Duration> checkInterval,
        Optional<Duration> pollInterval) {

    /**
     * The Robot.
     *
     * @param credentials the file with {@code user="..."} and {@code pass="..."}
     * @param serverIp this server's main address; looked up when empty
     * @param interfaceName of this server's network, which should have that address; never touched
     * @param endpoint where it is, without a slash at the end; its own place when empty
     */
    public record Robot(
            Path credentials,
            Optional<InetAddress> serverIp,
            Optional<String> interfaceName,
            Optional<URI> endpoint) {}

    /**
     * The Cloud.
     *
     * @param token of its project
     * @param serverId this server's number; asked from the metadata service when empty
     * @param network the number of the private network whose alias IP the address is; a floating IP
     *     when empty
     * @param endpoint where it is, without a slash at the end; its own place when empty
     */
    public record Cloud(
            Secret token,
            Optional<Long> serverId,
            Optional<Long> network,
            Optional<URI> endpoint) {}
}
