package org.vipmanager.config;

/** Settings that belong together, in the order in which people read about them. */
public enum Group {
    ADDRESS("The address"),
    LEADER("Who leads"),
    ETCD("etcd (dcs-type etcd)"),
    CONSUL("Consul (dcs-type consul)"),
    PATRONI("Patroni's REST API (dcs-type patroni)"),
    HETZNER("Hetzner (manager-type hetzner and hetzner-cloud)"),
    COMMAND("A provider's command (manager-type command)"),
    TIMING("Asking and holding"),
    NETWORK("On the network"),
    STATUS("Status and notifications"),
    PROGRAM("The program");

    private final String title;

    Group(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
