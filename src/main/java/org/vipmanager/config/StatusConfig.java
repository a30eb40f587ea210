package org.vipmanager.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How people and programs learn of the state.
 *
 * @param controlSocket over which {@code vip-manager status} asks; empty for none
 * @param notifyCommand the program and its arguments that are run after takeovers and releases;
 *     empty for none
 * @param notifyTimeout how long each run of it may take
 * @param http empty where nobody listens for it
 * @param probes where probes alone are answered over HTTP
 */
public record StatusConfig(
        Optional<Path> controlSocket,
        List<String> notifyCommand,
        Duration notifyTimeout,
        Optional<Http> http,
        Optional<InetSocketAddress> probes) {

    /**
     * Over HTTP.
     *
     * @param token whoever asks for more than a probe must show it
     * @param certificate for https; without one it is http
     * @param peers whom the page shows beside this host
     */
    public record Http(
            InetSocketAddress listen,
            Optional<Secret> token,
            Optional<Certificate> certificate,
            Peers peers) {}

    /**
     * The daemons of the other hosts.
     *
     * @param urls may be none, and may name this host too
     * @param authorities of their certificates; those of the system where none are named
     */
    public record Peers(List<URI> urls, Optional<Path> authorities) {}

    /** The PEM files of this server's certificate and its key. */
    public record Certificate(Path certificate, Path key) {}
}
