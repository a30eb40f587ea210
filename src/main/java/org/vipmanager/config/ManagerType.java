package org.vipmanager.config;

/** Who moves the address. */
public enum ManagerType {
    /** This host's kernel: the address is put on an interface. */
    BASIC("basic"),
    /** Hetzner's Robot interface, which routes a failover IP to a dedicated server. */
    HETZNER("hetzner"),
    /** Hetzner Cloud, which assigns a floating IP to a server. */
    HETZNER_CLOUD("hetzner-cloud");

    private final String word;

    ManagerType(String word) {
        this.word = word;
    }

    /** As {@code manager-type} names it. */
    public String word() {
        return word;
    }
}
