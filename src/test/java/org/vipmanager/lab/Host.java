package org.vipmanager.lab;

import java.net.InetAddress;
import java.util.stream.Stream;

/**
 * A machine: {@code eth0} towards the clients, and {@code dcs0} on a network of its own towards the
 * DCS, which can be cut.
 */
final class Host {

    private final String name;
    private final int number;
    private final Namespace namespace;
    private final Switch clientSwitch;
    private final Switch dcsSwitch;

    Host(String name, int number, Namespace namespace, Switch clientSwitch, Switch dcsSwitch) {
        this.name = name;
        this.number = number;
        this.namespace = namespace;
        this.clientSwitch = clientSwitch;
        this.dcsSwitch = dcsSwitch;
        clientSwitch.connect(namespace, "eth0", name);
        dcsSwitch.connect(namespace, "dcs0", name);
        addAddresses();
        namespace.ip("address add " + dcsAddress() + "/24 dev dcs0");
        // An echo server may wait for questions to an address that its host does not hold yet.
        namespace.sysctl("ipv4/ip_nonlocal_bind", "1");
        namespace.sysctl("ipv6/ip_nonlocal_bind", "1");
    }

    /** Gives eth0 the host's own addresses. */
    void addAddresses() {
        namespace.ip(
                "address replace 10.0.0." + number + "/24 dev eth0",
                "address replace fd00::" + number + "/64 dev eth0 nodad");
    }

    /** Makes eth0, which was deleted, anew. */
    void createInterface() {
        clientSwitch.connect(namespace, "eth0", name);
        addAddresses();
    }

    /** The cable between eth0 and the switch. */
    void carrier(boolean present) {
        clientSwitch.namespace().ip("link set " + name + (present ? " up" : " down"));
    }

    String name() {
        return name;
    }

    /** The last part of its addresses. */
    int number() {
        return number;
    }

    Namespace namespace() {
        return namespace;
    }

    /** Its address on the network of the DCS. */
    String dcsAddress() {
        return "192.168.0." + number;
    }

    void cutDcs(Cut cut) {
        switch (cut) {
            case LINK_DOWN -> namespace.ip("link set dcs0 down");
            case SILENCE -> dcsSwitch.swallow(name);
        }
    }

    void healDcs() {
        namespace.ip("link set dcs0 up");
        dcsSwitch.plugIn(name);
    }

    /** The switch sends back to this host whatever it sent towards the clients. */
    void reflect() {
        clientSwitch.reflect(name);
    }

    /** The link stays up, and the switch forwards nothing; or it does so again. */
    void blockClients(boolean blocked) {
        if (blocked) {
            clientSwitch.swallow(name);
        } else {
            clientSwitch.plugIn(name);
        }
    }

    /** Of eth0, such as {@code 02:00:00:00:00:0a}. */
    String hardwareAddress() {
        return Command.run("ip", "-n", namespace.name(), "-o", "link", "show", "dev", "eth0")
                .replaceFirst("(?s).*link/ether (\\S+).*", "$1");
    }

    /** The switch drops what this host announces of the address; its answers pass. */
    void dropAnnouncements(InetAddress address) {
        clientSwitch.dropAnnouncements(name, address);
    }

    /** Packets to that address of the DCS network are sent to nobody: no answer of any kind. */
    void swallowPacketsTo(String address) {
        namespace.ip(
                "neighbor add " + address + " lladdr 02:00:00:00:00:99 dev dcs0 nud permanent");
    }

    /**
     * Whether the kernel has the address on eth0 now: the judge beside the netlink notifications.
     */
    boolean has(InetAddress address) {
        return addresses().anyMatch(address.getHostAddress()::equals);
    }

    private Stream<String> addresses() {
        return Command.run("ip", "-n", namespace.name(), "-o", "address", "show", "dev", "eth0")
                .lines()
                .map(line -> line.trim().split("\\s+")[3].replaceFirst("/.*", ""))
                .map(address -> InetAddress.ofLiteral(address).getHostAddress());
    }

    @Override
    public String toString() {
        return name;
    }
}
