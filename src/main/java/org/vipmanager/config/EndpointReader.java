package org.vipmanager.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads URLs of servers, without asking anybody for the address of a name: names are resolved anew
 * at every connection.
 */
final class EndpointReader {

    /** What may stand behind the host. */
    private enum Path {
        /** The servers take none. */
        NONE,
        /** The interface may live below one. */
        BASE
    }

    private static final int LARGEST_PORT = 65535;

    /**
     * Asked one after another, more would not be reached within a lease; etcd has seven at most.
     */
    private static final int MOST_ENDPOINTS = 100;

    /** Each is asked at the same time, and may answer with a megabyte. */
    private static final int MOST_PEERS = 16;

    private final Values values;
    private final Setting setting;
    private final boolean needsPort;
    private final Optional<String> schemeToAssume;
    private final String example;
    private final Path path;

    private EndpointReader(
            Values values,
            Setting setting,
            boolean needsPort,
            Optional<String> schemeToAssume,
            String example,
            Path path) {
        this.values = values;
        this.setting = setting;
        this.needsPort = needsPort;
        this.schemeToAssume = schemeToAssume;
        this.example = example;
        this.path = path;
    }

    static List<URI> endpoints(Values values, DcsType type) {
        boolean hasCa = values.has(Settings.ETCD_CA_FILE);
        EndpointReader reader =
                new EndpointReader(
                        values,
                        Settings.DCS_ENDPOINTS,
                        type == DcsType.ETCD,
                        type == DcsType.ETCD
                                ? Optional.of(hasCa ? "https" : "http")
                                : Optional.empty(),
                        type.defaultEndpoint(),
                        type == DcsType.PATRONI ? Path.BASE : Path.NONE);
        Optional<Given> given = values.find(Settings.DCS_ENDPOINTS);
        return given.isEmpty()
                ? List.of(URI.create(type.defaultEndpoint()))
                : reader.list(given.get());
    }

    /** The daemons of the other hosts; none where nothing is written. */
    static List<URI> peers(Values values) {
        EndpointReader reader =
                new EndpointReader(
                        values,
                        Settings.HTTP_PEERS,
                        false,
                        Optional.empty(),
                        Settings.HTTP_PEERS.example(),
                        Path.BASE);
        Optional<Given> given = values.find(Settings.HTTP_PEERS);
        if (given.isEmpty()) {
            return List.of();
        }
        List<URI> urls = reader.list(given.get());
        if (urls.size() > MOST_PEERS) {
            values.wrong(
                    Settings.HTTP_PEERS,
                    Secret.hidden(Settings.HTTP_PEERS, given.get()),
                    "names %d hosts, more than %d".formatted(urls.size(), MOST_PEERS),
                    "write the other hosts of one cluster");
            return List.of();
        }
        return urls;
    }

    static Optional<URI> url(Values values, Setting setting, String example) {
        EndpointReader reader =
                new EndpointReader(values, setting, false, Optional.empty(), example, Path.BASE);
        return values.find(setting)
                .flatMap(
                        given -> {
                            String text = given.text().strip();
                            return reader.one(text, shown(text, false), given.source());
                        });
    }

    private List<URI> list(Given given) {
        if (isCutWithinAPassword(given.text())) {
            values.wrong(
                    setting,
                    given.masked(),
                    "has a comma before an @",
                    "write a comma in a password as %2C, and http:// or https:// before each"
                            + " endpoint");
            return List.of();
        }
        List<Given.Item> written = parts(given);
        if (written.isEmpty()) {
            values.wrong(setting, given, "names no endpoint", "write " + example);
        }
        if (written.size() > MOST_ENDPOINTS) {
            values.wrong(
                    setting,
                    Secret.hidden(setting, given),
                    "names %d endpoints, more than %d".formatted(written.size(), MOST_ENDPOINTS),
                    "write the members of the cluster, such as " + example);
            return List.of();
        }
        List<URI> uris = new ArrayList<>();
        boolean mayHidePassword = given.text().contains("@");
        for (Given.Item item : written) {
            one(item.text(), shown(item.text(), mayHidePassword), item.source())
                    .filter(uri -> !uris.contains(uri))
                    .ifPresent(uris::add);
        }
        return List.copyOf(uris);
    }

    private static List<Given.Item> parts(Given given) {
        List<Given.Item> parts = new ArrayList<>();
        for (Given.Item item : given.items()) {
            for (String part : item.text().split(",", -1)) {
                if (!part.isBlank()) {
                    parts.add(new Given.Item(part.strip(), item.source()));
                }
            }
        }
        return parts;
    }

    /** The comma of {@code http://user:pass,word@host:2379} would make a host of {@code user}. */
    private static boolean isCutWithinAPassword(String text) {
        String[] parts = text.split(",", -1);
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].contains("@") && !parts[i].contains("://")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMoreThanOne(String text) {
        return text.indexOf(';', text.lastIndexOf('@') + 1) >= 0
                || text.indexOf("://") != text.lastIndexOf("://");
    }

    /**
     * @param shown the text as messages may show it
     */
    private Optional<URI> one(String text, String shown, Source source) {
        Given item = Given.text(shown, source);
        if (isMoreThanOne(text)) {
            values.wrong(setting, item, "is more than one URL", "separate endpoints by commas");
            return Optional.empty();
        }
        int mark = text.indexOf("://");
        String scheme = mark < 0 ? "" : text.substring(0, mark).toLowerCase(Locale.ROOT);
        if (mark < 0) {
            if (schemeToAssume.isEmpty()) {
                values.wrong(setting, item, "has no scheme", "write http:// or https:// before it");
                return Optional.empty();
            }
            scheme = schemeToAssume.get();
        } else if (!scheme.equals("http") && !scheme.equals("https")) {
            values.wrong(
                    setting,
                    item,
                    "has the unsupported scheme " + Mistake.shown(scheme),
                    "write " + example);
            return Optional.empty();
        }
        String rest = mark < 0 ? text : text.substring(mark + 3);
        int end = endOfAuthority(rest);
        String authority = rest.substring(0, end);
        if (authority.contains("@")) {
            values.findings()
                    .warn(
                            "%s (%s): the user and password before @ are ignored"
                                    .formatted(values.nameOf(setting), source));
            authority = authority.substring(authority.lastIndexOf('@') + 1);
        }
        Optional<String> problem = problemWith(authority);
        if (problem.isPresent()) {
            values.wrong(setting, item, problem.get(), "write a URL such as " + example);
            return Optional.empty();
        }
        Optional<URI> uri = assembled(item, scheme, authority, rest.substring(end));
        if (mark < 0 && uri.isPresent()) {
            values.findings()
                    .warn(
                            "%s (%s): \"%s\" has no scheme and is taken as %s"
                                    .formatted(
                                            values.nameOf(setting),
                                            source,
                                            Mistake.shown(item.text()),
                                            uri.get()));
        }
        return uri;
    }

    private Optional<URI> assembled(Given item, String scheme, String authority, String behind) {
        String base = behind;
        if (base.contains("@")) {
            values.wrong(
                    setting,
                    item,
                    "has a slash before the @",
                    "write a slash in a password as %2F, a ? as %3F and a # as %23");
            return Optional.empty();
        }
        while (base.endsWith("/")) {
            base = base.substring(0, base.length() - 1);
        }
        if (path == Path.NONE && !base.isEmpty()) {
            values.findings()
                    .warn(
                            "%s (%s): \"%s\" after the host is ignored"
                                    .formatted(
                                            values.nameOf(setting),
                                            item.source(),
                                            Mistake.shown(base)));
            base = "";
        }
        if (base.contains("?") || base.contains("#")) {
            values.wrong(setting, item, "has more than a path after the host", "write " + example);
            return Optional.empty();
        }
        try {
            // java.net.URI takes a host with an underscore for none; who connects reads it itself.
            return Optional.of(URI.create(scheme + "://" + authority + base));
        } catch (IllegalArgumentException e) {
            values.wrong(setting, item, "is not a valid URL", "write " + example);
            return Optional.empty();
        }
    }

    private static int endOfAuthority(String rest) {
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return rest.length();
    }

    private Optional<String> problemWith(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > bracket;
        String host = hasPort ? authority.substring(0, colon) : authority;
        if (authority.chars().anyMatch(Character::isWhitespace)) {
            return Optional.of("has a space in it");
        }
        if (host.isEmpty()) {
            return Optional.of("names no host");
        }
        if (host.startsWith("[")) {
            if (!host.endsWith("]") || !isIpv6(host.substring(1, host.length() - 1))) {
                return Optional.of("has no IPv6 address between its brackets");
            }
        } else if (host.contains(":")) {
            return Optional.of("has an IPv6 address without brackets");
        } else if (!isHost(host)) {
            return Optional.of("has no valid host name");
        }
        if (!hasPort) {
            return needsPort ? Optional.of("has no port") : Optional.empty();
        }
        OptionalLong port = decimal(authority.substring(colon + 1));
        return port.isPresent() && port.getAsLong() >= 1 && port.getAsLong() <= LARGEST_PORT
                ? Optional.empty()
                : Optional.of("has no port from 1 to " + LARGEST_PORT);
    }

    private static OptionalLong decimal(String digits) {
        if (digits.isEmpty() || digits.length() > 5) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalLong.empty();
            }
            value = value * 10 + (c - '0');
        }
        return OptionalLong.of(value);
    }

    private static boolean isIpv6(String text) {
        return text.contains(":") && AddressText.parse(text).isPresent();
    }

    /** A name, or an IPv4 address; a name of digits and dots alone must be an address. */
    static boolean isHost(String host) {
        boolean hasLetter = false;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean isDigitOrDot = c >= '0' && c <= '9' || c == '.';
            boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
            if (!isDigitOrDot && !isLetter) {
                return false;
            }
            hasLetter |= isLetter;
        }
        boolean hasEmptyLabel = host.startsWith(".") || host.contains("..");
        return !hasEmptyLabel
                && host.length() <= 253
                && (hasLetter || AddressText.parse(host).isPresent());
    }

    /**
     * The URL as messages show it: what stands before an @ may be a password.
     *
     * @param mayHidePassword whether there is an @ somewhere beside it
     */
    private static String shown(String text, boolean mayHidePassword) {
        int at = text.lastIndexOf('@');
        int mark = text.indexOf("://");
        int start = mark < 0 ? 0 : mark + 3;
        if (at < start) {
            return mayHidePassword ? text.substring(0, start) + Secret.MASK : text;
        }
        return text.substring(0, start) + Secret.MASK + text.substring(at);
    }
}
