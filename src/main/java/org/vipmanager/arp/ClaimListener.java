package org.vipmanager.arp;

import org.vipmanager.control.ClaimSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Claim;
import org.vipmanager.core.HardwareAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.ErrnoException;
import org.vipmanager.posix.LibC;
import org.vipmanager.posix.WaitingThread;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Hears claims of our addresses through packet sockets, packet(7).
 *
 * <p>The kernel's filter drops everything else. A thread reads what is left, and rests after each
 * handful when there is much of it: what a flood has more than fits into the socket is lost in the
 * kernel, at no cost here.
 */
public final class ClaimListener implements ClaimSource {

    private static final Logger LOGGER = System.getLogger("org.vipmanager.arp");

    /** More than that at once is a flood. */
    private static final int HANDFUL = 64;

    private static final long REST_NANOS = 20_000_000;

    /** So many claims may wait for the loop, and some for each address, when it stands still. */
    private static final int MOST_WAITING = 1024;

    private static final int WAITING_PER_ADDRESS = 4;

    private final Loop loop;
    private final Predicate<HardwareAddress> isOwn;
    private final ClaimSocket arp;
    private final ClaimSocket ipv6;
    private final NetworkInterfaces interfaces;
    private final ClaimRate rate = new ClaimRate();
    private final AtomicInteger waiting = new AtomicInteger();
    private final WaitingThread thread;

    private volatile Map<InetAddress, List<VirtualIp>> vips = Map.of();
    private volatile int generation;
    private BiConsumer<VirtualIp, Claim> listener = (vip, claim) -> {};
    private long loops;

    private ClaimListener(
            Loop loop,
            LibC libC,
            Predicate<HardwareAddress> isOwn,
            UnaryOperator<String> shortNames,
            ClaimSocket arp,
            ClaimSocket ipv6)
            throws ErrnoException {
        this.loop = loop;
        this.isOwn = isOwn;
        this.arp = arp;
        this.ipv6 = ipv6;
        interfaces = new NetworkInterfaces(libC, arp.socket(), shortNames);
        thread =
                new WaitingThread(
                        libC,
                        loop,
                        "claims",
                        "hears claims",
                        this::readAll,
                        arp.socket(),
                        ipv6.socket());
    }

    /**
     * Opens the sockets; hears nothing before {@link #listen}.
     *
     * @param isOwn whether a hardware address is, or lately was, one of this host's; asked on the
     *     loop
     */
    public static ClaimListener open(Loop loop, LibC libC, Predicate<HardwareAddress> isOwn)
            throws IOException {
        return open(loop, libC, isOwn, UnaryOperator.identity());
    }

    /**
     * The same, where interfaces may be called by longer names.
     *
     * @param shortNames what one with a longer name (an altname) is called in 15 bytes; asked on a
     *     thread of its own
     */
    public static ClaimListener open(
            Loop loop,
            LibC libC,
            Predicate<HardwareAddress> isOwn,
            UnaryOperator<String> shortNames)
            throws IOException {
        ClaimSocket arp = ClaimSocket.open(libC, EthernetHeader.ARP);
        ClaimSocket ipv6;
        try {
            ipv6 = ClaimSocket.open(libC, EthernetHeader.IPV6);
        } catch (IOException e) {
            arp.close();
            throw e;
        }
        ClaimListener opened = new ClaimListener(loop, libC, isOwn, shortNames, arp, ipv6);
        opened.thread.start();
        return opened;
    }

    @Override
    public void listen(Collection<VirtualIp> addresses, BiConsumer<VirtualIp, Claim> heard) {
        listener = heard;
        vips =
                Map.copyOf(
                        addresses.stream()
                                .filter(vip -> !vip.interfaceName().isEmpty())
                                .collect(Collectors.groupingBy(VirtualIp::address)));
        try {
            List<byte[]> ipv4Addresses = addressesOf(4);
            if (!ipv4Addresses.isEmpty() || arp.isReceiving()) {
                arp.pass(PacketFilter.ofArpSenders(ipv4Addresses), ipv4Addresses.size());
            }
            List<byte[]> ipv6Addresses = addressesOf(16);
            if (!ipv6Addresses.isEmpty() || ipv6.isReceiving()) {
                ipv6.pass(PacketFilter.ofAdvertisedTargets(ipv6Addresses), ipv6Addresses.size());
            }
        } catch (IOException e) {
            LOGGER.log(
                    Level.WARNING,
                    "claims of our addresses by others cannot be heard, so that none is yielded"
                            + " to another holder while the DCS is silent: {0}",
                    e.getMessage());
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>What the thread read before the sockets were empty carries an older generation.
     */
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written on the loop only
    public void discardBacklog() {
        arp.discard();
        ipv6.discard();
        generation++;
    }

    /** How many frames of this host came back to it. Called on the loop. */
    public long loops() {
        return loops;
    }

    @Override
    public void close() {
        thread.close();
    }

    private List<byte[]> addressesOf(int length) {
        Set<InetAddress> addresses = vips.keySet();
        return addresses.stream()
                .map(InetAddress::getAddress)
                .filter(bytes -> bytes.length == length)
                .toList();
    }

    // On the thread

    private void readAll() {
        int seen = read(arp) + read(ipv6);
        if (seen > HANDFUL) {
            LockSupport.parkNanos(REST_NANOS);
        }
    }

    /** Returns how many frames there were. */
    private int read(ClaimSocket socket) {
        int count = 0;
        int readAt = generation;
        Optional<HeardClaim> claim = socket.receive();
        while (claim.isPresent() && count < 10 * HANDFUL) {
            count++;
            handOver(claim.get(), readAt);
            readAt = generation;
            claim = socket.receive();
        }
        return count;
    }

    private void handOver(HeardClaim heard, int readAt) {
        List<VirtualIp> claimed = vips.get(heard.address());
        if (claimed == null || !rate.allows(heard, loop.nowNanos())) {
            return;
        }
        Claim claim = new Claim(heard.hardwareAddress(), loop.now());
        for (VirtualIp vip : claimed) {
            if (isRoomForMore()
                    && interfaces.hasIndex(vip.interfaceName(), heard.interfaceIndex())) {
                waiting.incrementAndGet();
                loop.execute(() -> deliver(vip, claim, heard.sender(), readAt));
            }
        }
    }

    private boolean isRoomForMore() {
        return waiting.get() < MOST_WAITING + WAITING_PER_ADDRESS * vips.size();
    }

    // On the loop

    private void deliver(VirtualIp vip, Claim claim, HardwareAddress sender, int readAt) {
        waiting.decrementAndGet();
        boolean isWanted =
                !thread.isClosed()
                        && readAt == generation
                        && vips.getOrDefault(vip.address(), List.of()).contains(vip);
        if (!isWanted) {
            return;
        }
        boolean isOurs = isOwn.test(claim.hardwareAddress()) || isOwn.test(sender);
        if (LOGGER.isLoggable(Level.DEBUG)) {
            String whose = isOurs ? " (this host: a loop)" : "";
            LOGGER.log(Level.DEBUG, "{0} claims {1}{2}", claim.hardwareAddress(), vip, whose);
        }
        if (isOurs) {
            loops++;
        } else {
            listener.accept(vip, claim);
        }
    }
}
