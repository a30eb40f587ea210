package org.vipmanager.lab;

import java.net.InetAddress;

/**
 * A network switch: a bridge in a namespace of its own, with one port for each interface plugged
 * in.
 */
final class Switch {

    private final Namespace namespace;

    private Switch(Namespace namespace) {
        this.namespace = namespace;
    }

    static Switch create(Namespace namespace) {
        namespace.ip(
                "link add bridge type bridge forward_delay 0 stp_state 0 mcast_snooping 0",
                "link set bridge up");
        return new Switch(namespace);
    }

    /** Makes a cable: an interface in the host, a port of the same name as the host in here. */
    void connect(Namespace host, String interfaceName, String port) {
        host.ip(
                "link add "
                        + interfaceName
                        + " type veth peer name "
                        + port
                        + " netns "
                        + namespace.name());
        plugIn(port);
        namespace.ip("link set " + port + " up");
        host.ip("link set " + interfaceName + " up");
    }

    void plugIn(String port) {
        namespace.ip("link set " + port + " master bridge");
    }

    /** The link stays up at both ends, and whatever is sent vanishes, in both directions. */
    void swallow(String port) {
        namespace.ip("link set " + port + " nomaster");
    }

    /** From now on the port also gets back what it sent: a loop in the wiring. */
    void reflect(String port) {
        namespace.ip("link set " + port + " type bridge_slave hairpin on");
    }

    /** Drops gratuitous ARP about the address that comes in there, and nothing else. */
    void dropAnnouncements(String port, InetAddress address) {
        String rules =
                """
                table netdev announcements {
                    chain in {
                        type filter hook ingress device "%s" priority 0
                        arp saddr ip %2$s arp daddr ip %2$s drop
                    }
                }
                """
                        .formatted(port, address.getHostAddress());
        Command.run(rules, namespace.command("nft", "-f", "-"));
    }

    Namespace namespace() {
        return namespace;
    }
}
