package org.vipmanager.lab;

import java.util.List;

/** How often a host begins to connect to another one's port, counted by the latter's nftables. */
final class ConnectionCount {

    private final Host server;

    ConnectionCount(Host server, int port, Host client) {
        this.server = server;
        Command.run(
                """
                table inet connections {
                    chain from_client {
                        type filter hook input priority 0;
                        ip saddr %s tcp dport %d tcp flags syn / syn,ack counter
                    }
                }
                """
                        .formatted(client.dcsAddress(), port),
                nft("-f", "-"));
    }

    /** Since this was made. */
    int soFar() {
        String chain = Command.run("", nft("list", "chain", "inet", "connections", "from_client"));
        return Integer.parseInt(chain.replaceAll("(?s).*counter packets (\\d+) .*", "$1"));
    }

    private List<String> nft(String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = "nft";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return server.namespace().command(words);
    }
}
