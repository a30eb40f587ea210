package org.vipmanager.dcs.etcd;

import java.net.URI;

/**
 * What an endpoint says about where it is.
 *
 * @param host a name or an address; IPv6 in brackets
 * @param port the port, by default etcd's
 * @param secure whether TLS is spoken there
 */
record EndpointAddress(String host, int port, boolean secure) {

    private static final int DEFAULT_PORT = 2379;

    static EndpointAddress of(URI endpoint) {
        boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
        if (endpoint.getHost() != null) {
            int port = endpoint.getPort() < 0 ? DEFAULT_PORT : endpoint.getPort();
            return new EndpointAddress(endpoint.getHost(), port, secure);
        }
        // java.net.URI knows no host with an underscore, as container networks have them.
        String authority = String.valueOf(endpoint.getRawAuthority());
        int colon = authority.lastIndexOf(':');
        return colon < 0
                ? new EndpointAddress(authority, DEFAULT_PORT, secure)
                : new EndpointAddress(
                        authority.substring(0, colon),
                        Integer.parseInt(authority.substring(colon + 1)),
                        secure);
    }

    /** As TLS and HTTP/2 name it. */
    String authority() {
        return host + ":" + port;
    }
}
