package org.vipmanager.config;

/** Where leadership is looked up. */
public enum DcsType {
    ETCD("etcd", "http://127.0.0.1:2379"),
    CONSUL("consul", "http://127.0.0.1:8500"),
    PATRONI("patroni", "http://127.0.0.1:8008");

    private final String word;
    private final String defaultEndpoint;

    DcsType(String word, String defaultEndpoint) {
        this.word = word;
        this.defaultEndpoint = defaultEndpoint;
    }

    /** As {@code dcs-type} names it. */
    public String word() {
        return word;
    }

    String defaultEndpoint() {
        return defaultEndpoint;
    }
}
