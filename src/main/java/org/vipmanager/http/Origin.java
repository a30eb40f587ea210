package org.vipmanager.http;

import java.net.URI;

/**
 * The server that a URI names. Read from its authority, because {@link URI} itself takes a name
 * with an underscore for none.
 *
 * @param host without the brackets of an IPv6 address
 * @param authority host and port as they were written
 */
record Origin(boolean secure, String host, int port, String authority) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    static Origin of(URI uri) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        String written = String.valueOf(uri.getRawAuthority());
        String authority = written.substring(written.lastIndexOf('@') + 1);
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        int port = secure ? HTTPS : HTTP;
        if (hasPort && colon + 1 < authority.length()) {
            port = Integer.parseInt(authority.substring(colon + 1));
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new Origin(
                secure, bracketed ? host.substring(1, host.length() - 1) : host, port, authority);
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority;
    }
}
