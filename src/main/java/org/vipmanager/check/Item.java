package org.vipmanager.check;

/** What kind of thing a finding is about, in the order in which they are printed. */
public enum Item {
    /** The configuration as such. */
    SETTINGS("settings"),
    /** The interface of an address, and its subnet. */
    INTERFACE("interface"),
    /** Whether the daemon may do what it has to. */
    PRIVILEGES("privileges"),
    /** An endpoint of the DCS. */
    ENDPOINT("endpoint"),
    /** The leader key, its value and its lease. */
    KEY("key"),
    /** What Patroni says of itself, and its times. */
    PATRONI("patroni"),
    /** A provider that routes the address. */
    PROVIDER("provider"),
    /** Who has the address, on this host and on its network. */
    ADDRESS("address"),
    /** Settings of the kernel. */
    KERNEL("kernel"),
    /** Other programs on this host that put addresses. */
    MANAGERS("managers");

    private final String word;

    Item(String word) {
        this.word = word;
    }

    /** As it is printed, and as {@code --json} has it. */
    public String word() {
        return word;
    }
}
