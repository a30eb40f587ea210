package org.vipmanager.netlink.reset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.vipmanager.posix.FreshNetwork.ethernet;
import static org.vipmanager.posix.FreshNetwork.ip;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vipmanager.core.Moment;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.BootClock;
import org.vipmanager.posix.FfmLibC;
import org.vipmanager.posix.FreshNetwork;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ends connections of a real kernel. Client and server are in one network: a client's own address
 * is 10.0.0.1 or fd00::1. Needs root; touches nothing outside its namespaces.
 */
@Timeout(120)
@ExtendWith(FreshNetwork.class)
final class ConnectionResetLiveIT {

    private final FfmLibC libC = new FfmLibC();
    private final BootClock clock = new BootClock(libC);
    private final List<AutoCloseable> open = new ArrayList<>();

    /** The client's end, and the server's. */
    private record Pair(SocketChannel client, SocketChannel server) {}

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    /** A server that listens on all addresses of both families has IPv4-mapped connections. */
    @ParameterizedTest
    @CsvSource({"INET, 10.0.0.9, 10.0.0.1", "INET6, 10.0.0.9, 10.0.0.1", "INET6, fd00::9, fd00::1"})
    void clientThatWaits_learnsAtOnce_andNobodyElseDoes(
            StandardProtocolFamily family, String address, String client) throws Exception {
        network();
        ServerSocketChannel listening = listen(family);
        Pair ended = connect(listening, client, address);
        Pair other = connect(listening, client, client);

        NetlinkConnectionReset reset = NetlinkConnectionReset.prepare(clock, libC);
        reset.begin(vip(address), in(Duration.ofSeconds(10)));

        assertThatThrownBy(() -> read(ended.client())).hasMessageContaining("reset");
        assertThatThrownBy(() -> read(ended.server())).isInstanceOf(IOException.class);
        assertThat(passes(other)).isTrue();
        assertThat(passes(connect(listening, client, address))).as("it listens still").isTrue();
    }

    /** 10.0.0.90 begins as it does, and ::ffff:0:10.0.0.9 ends so. */
    @Test
    void addressesThatAreAlike_areLeftAlone() throws Exception {
        network();
        ip("address add 10.0.0.90/24 dev eth0");
        ip("address add 110.0.0.9/24 dev eth0");
        addIpv6("fd00::a00:9");
        ServerSocketChannel listening = listen(StandardProtocolFamily.INET6);
        Pair longer = connect(listening, "10.0.0.1", "10.0.0.90");
        Pair higher = connect(listening, "10.0.0.1", "110.0.0.9");
        Pair inside = connect(listening, "fd00::1", "fd00::a00:9");

        NetlinkConnectionReset reset = NetlinkConnectionReset.prepare(clock, libC);
        reset.begin(vip("10.0.0.9"), in(Duration.ofSeconds(10)));
        reset.begin(vip("fd00::9"), in(Duration.ofSeconds(10)));

        assertThat(List.of(longer, higher, inside)).allMatch(ConnectionResetLiveIT::passes);
    }

    /** On another interface the same address may be somebody else's. */
    @Test
    void linkLocalAddress_isLeftAlone() throws Exception {
        network();
        addIpv6("fe80::9");
        ServerSocketChannel listening = listen(StandardProtocolFamily.INET6);
        String index = ip("-o link show eth0").replaceAll("(?s)^(\\d+):.*", "$1");
        Pair pair = connect(listening, "fe80::9%" + index, "fe80::9%" + index);

        NetlinkConnectionReset.prepare(clock, libC)
                .begin(vip("fe80::9"), in(Duration.ofSeconds(10)));

        assertThat(passes(pair)).isTrue();
    }

    /**
     * The wait is for all addresses that are let go at once, and no removal waits for more. Of
     * twenty thousand files that a process may have open here, each connection takes two.
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 9_500})
    void waitIsBounded_whateverTheNumber(int connections) throws Exception {
        network();
        ServerSocketChannel listening = listen(StandardProtocolFamily.INET6);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            pairs.add(connect(listening, "10.0.0.1", "10.0.0.9"));
        }
        NetlinkConnectionReset reset = NetlinkConnectionReset.prepare(clock, libC);
        reset.begin(vip("10.0.0.8"), in(Duration.ofSeconds(10))); // now it is prepared
        Thread.sleep(1100); // no longer at the same time

        CompletableFuture<Long> bystander = CompletableFuture.supplyAsync(() -> slept(20));
        long began = System.nanoTime();
        reset.begin(vip("10.0.0.9"), in(Duration.ofMillis(20)));
        long first = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            reset.begin(vip("10.0.1." + i), in(Duration.ofMillis(20)));
        }
        long all = System.nanoTime();

        System.out.printf(
                "%,d connections: the removal waits for %.1f ms, of a hundred addresses more for"
                        + " %.1f ms; who sleeps for 20 ms beside it is woken after %.1f ms%n",
                connections, (first - began) / 1e6, (all - first) / 1e6, bystander.get() / 1e6);
        assertThat(Duration.ofNanos(all - began)).isLessThan(Duration.ofSeconds(2));
        for (Pair pair : pairs) {
            assertThatThrownBy(() -> read(pair.client())).hasMessageContaining("reset");
        }
    }

    private static long slept(int millis) {
        long began = System.nanoTime();
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return System.nanoTime() - began;
    }

    /** Ten thousand others are passed over by the kernel. */
    @Test
    void connectionsOfOthers_costLittle() throws Exception {
        network();
        ServerSocketChannel listening = listen(StandardProtocolFamily.INET6);
        List<Pair> others = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            others.add(connect(listening, "10.0.0.1", "10.0.0.1"));
        }
        ConnectedSockets sockets = new ConnectedSockets(libC);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long began = System.nanoTime();
            assertThat(sockets.end(InetAddress.ofLiteral("10.0.0.9"), () -> true)).isZero();
            best = Math.min(best, System.nanoTime() - began);
        }
        System.out.printf("a look at 10,000 connections of others: %.2f ms%n", best / 1e6);
        assertThat(others).allMatch(ConnectionResetLiveIT::passes);
    }

    @Test
    void addressThatIsPutAgain_keepsWhatIsLeft() throws Exception {
        network();
        ServerSocketChannel listening = listen(StandardProtocolFamily.INET);
        Pair pair = connect(listening, "10.0.0.1", "10.0.0.9");
        ConnectedSockets sockets = new ConnectedSockets(libC);

        assertThat(sockets.end(InetAddress.ofLiteral("10.0.0.9"), () -> false)).isZero();

        assertThat(passes(pair)).isTrue();
    }

    private static void network() {
        ethernet();
        ip("address add 10.0.0.1/24 dev eth0");
        ip("address add 10.0.0.9/24 dev eth0");
        addIpv6("fd00::1");
        addIpv6("fd00::9");
        String destroy = FreshNetwork.run("ss", "-tK", "src", "192.0.2.1");
        assumeThat(destroy).as("CONFIG_INET_DIAG_DESTROY").doesNotContain("not supported");
    }

    /** Returns when it can be reached: the kernel's worker comes to its route in a moment. */
    private static void addIpv6(String address) {
        ip("address add " + address + "/64 dev eth0 nodad");
        await(address)
                .pollInSameThread() // which is in the namespace
                .until(() -> ip("-6 route show table local").contains(address + " "));
    }

    private ServerSocketChannel listen(StandardProtocolFamily family) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(family);
        open.add(listening);
        boolean isIpv4 = family == StandardProtocolFamily.INET;
        InetAddress any = InetAddress.ofLiteral(isIpv4 ? "0.0.0.0" : "::");
        return listening.bind(new InetSocketAddress(any, 0), 1000);
    }

    private Pair connect(ServerSocketChannel listening, String from, String to) throws IOException {
        InetAddress server = InetAddress.getByName(to);
        SocketChannel client =
                SocketChannel.open(
                        server.getAddress().length == 4
                                ? StandardProtocolFamily.INET
                                : StandardProtocolFamily.INET6);
        open.add(client);
        client.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        client.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        int port = listening.socket().getLocalPort();
        client.connect(new InetSocketAddress(server, port));
        SocketChannel accepted = listening.accept();
        open.add(accepted);
        return new Pair(client, accepted);
    }

    private static boolean passes(Pair pair) {
        try {
            pair.server().write(ByteBuffer.wrap(new byte[] {7}));
            return read(pair.client()) == 7;
        } catch (IOException e) {
            return false;
        }
    }

    private static int read(SocketChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        return channel.read(one) < 0 ? -1 : one.get(0);
    }

    private Moment in(Duration time) {
        return clock.now().plus(time);
    }

    private static VirtualIp vip(String address) {
        return new VirtualIp(
                InetAddress.ofLiteral(address), address.contains(":") ? 64 : 24, "eth0");
    }
}
