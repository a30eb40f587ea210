package org.vipmanager.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Accepts connections and says nothing, in a process of its own: a process may open twenty thousand
 * files on some machines, and the clients need as many.
 */
final class AcceptingServer {

    private static final int LONGEST_QUEUE = 4000;

    private AcceptingServer() {}

    /** The command line that runs it in a host. */
    static List<String> command(Host host) {
        return host.namespace()
                .command(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        Path.of("target", "test-classes").toString(),
                        AcceptingServer.class.getName());
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws IOException {
        List<SocketChannel> accepted = new ArrayList<>();
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(WaitingClient.PORT), LONGEST_QUEUE);
            System.out.println("listening");
            while (listening.isOpen()) {
                accepted.add(listening.accept());
            }
        }
    }
}
