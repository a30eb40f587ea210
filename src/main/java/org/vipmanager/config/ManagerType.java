package org.vipmanager.config;

/** Who moves the address. */
public enum ManagerType {
    /** This host's kernel: the address is put on an interface. */
    BASIC("basic"),
    /** Hetzner's Robot interface, which routes a failover IP to a dedicated server. */
    HETZNER("hetzner"),
    /** Hetzner Cloud, which assigns a floating IP or an alias IP to a server. */
    HETZNER_CLOUD("hetzner-cloud"),
    /** A program of the user's, which has a provider route the address. */
    COMMAND("command");

    private final String word;

    ManagerType(String word) {
        this.word = word;
    }

    /** Whether the address may be on an interface of this host beside being routed here. */
    boolean mayHaveInterface() {
        return this != HETZNER;
    }

    /** As {@code manager-type} names it. */
    public String word() {
        return word;
    }
}
