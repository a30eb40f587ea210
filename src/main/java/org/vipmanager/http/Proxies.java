package org.vipmanager.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Through which proxy a secured server is reached, as {@code https_proxy} and {@code no_proxy} say;
 * immutable.
 *
 * @param proxy empty when none is to be used
 * @param authorization the value of Proxy-Authorization, a secret
 * @param exceptions names, addresses and domains that are reached directly
 */
public record Proxies(Optional<Origin> proxy, Optional<String> authorization, String exceptions) {

    /** Every server is reached directly. */
    public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), "");

    private static final int DEFAULT_PORT = 1080;

    /**
     * By the environment, in lower case or else in capitals, as curl has it.
     *
     * @throws IllegalArgumentException when it names no proxy that could be used
     */
    public static Proxies of(Map<String, String> environment) {
        Optional<String> written = variable(environment, "https_proxy");
        if (written.isEmpty()) {
            return NONE;
        }
        String text = written.get().contains("://") ? written.get() : "http://" + written.get();
        URI uri = URI.create(text);
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException(
                    "https_proxy names no proxy that is spoken to over http");
        }
        return new Proxies(
                Optional.of(Origin.of(uri, DEFAULT_PORT)),
                Optional.ofNullable(uri.getUserInfo())
                        .map(both -> both.getBytes(StandardCharsets.UTF_8))
                        .map(both -> "Basic " + Base64.getEncoder().encodeToString(both)),
                variable(environment, "no_proxy").orElse(""));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .map(String::strip)
                .findFirst();
    }

    /** The proxy for a server; empty where it is reached directly. */
    Optional<Origin> of(Origin server) {
        return proxy.filter(_ -> server.secure() && !isException(server.host()));
    }

    private boolean isException(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return Stream.of(exceptions.split("[,\\s]+"))
                .map(text -> text.toLowerCase(Locale.ROOT))
                .map(text -> text.startsWith("*.") ? text.substring(1) : text)
                .filter(text -> !text.isEmpty())
                .anyMatch(
                        text ->
                                text.equals("*")
                                        || name.equals(text)
                                        || name.endsWith(text.startsWith(".") ? text : "." + text));
    }

    @Override
    public String toString() {
        return proxy.map(Origin::toString).orElse("none");
    }
}
