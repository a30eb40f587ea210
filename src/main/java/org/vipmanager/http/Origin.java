package org.vipmanager.http;

import java.net.URI;

/**
 * The server that a URI names. Read from its authority, because {@link URI} itself takes a name
 * with an underscore for none.
 *
 * @param host without the brackets of an IPv6 address
 * @param authority host and port as they were written
 */
public record Origin(boolean secure, String host, int port, String authority) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    static Origin of(URI uri) {
        boolean secure = isSecure(uri);
        return of(uri, secure ? HTTPS : HTTP);
    }

    /**
     * The server of a protocol that has a port of its own.
     *
     * @param defaultPort where the URI names none
     */
    public static Origin of(URI uri, int defaultPort) {
        String written = String.valueOf(uri.getRawAuthority());
        String authority = written.substring(written.lastIndexOf('@') + 1);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        int port = defaultPort;
        if (hasPort && colon + 1 < authority.length()) {
            port = Integer.parseInt(authority.substring(colon + 1));
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new Origin(
                isSecure(uri),
                bracketed ? host.substring(1, host.length() - 1) : host,
                port,
                authority);
    }

    /** Host and port, whether that was written or not. */
    public String hostAndPort() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority;
    }
}
