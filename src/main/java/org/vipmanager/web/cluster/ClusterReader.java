package org.vipmanager.web.cluster;

import org.jspecify.annotations.Nullable;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusReader;
import org.vipmanager.status.StatusSnapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks at all hosts, four times a second at most however many ask. What it has seen last is all
 * that it keeps. Safe for use by several threads, of which one looks and the others wait for it.
 */
public final class ClusterReader {

    /** More are for programs to read: each takes a kilobyte and a half. */
    private static final int MOST_ADDRESSES = 200;

    private static final long FRESH_NANOS = Duration.ofMillis(250).toNanos();

    /** A peer that answers does so within that; for others nobody waits every time. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    /** Until this host's own status is another one than before. */
    private static final Duration UNTIL_ANEW = Duration.ofMillis(150);

    private final StatusDocument.Daemon daemon;
    private final StatusReader reader;
    private final PeerReader peers;
    private @Nullable Cluster last;
    private long lookedAtNanos;

    public ClusterReader(StatusDocument.Daemon daemon, StatusReader reader, PeerReader peers) {
        this.daemon = daemon;
        this.reader = reader;
        this.peers = peers;
    }

    /** The same object as before for as long as it is fresh. */
    public synchronized Cluster read() {
        Cluster known = last;
        if (known == null || System.nanoTime() - lookedAtNanos > FRESH_NANOS) {
            known = look(known);
            last = known;
            lookedAtNanos = System.nanoTime();
        }
        return known;
    }

    /**
     * While an address moves, one host may have been asked before and the other one after it: so
     * what looks bad counts only when all say so again.
     */
    private Cluster look(@Nullable Cluster before) {
        Cluster seen = Cluster.of(hosts(peers.read(PATIENCE)));
        Set<Cluster.Worry> known = before == null ? Set.of() : before.worries();
        if (known.containsAll(seen.worries())) {
            return seen;
        }
        try {
            Thread.sleep(UNTIL_ANEW);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Cluster.of(hosts(peers.readAnew()));
    }

    /** Those that are another one's, or this one's, second name are one host. */
    private List<HostAnswer> hosts(List<HostAnswer> others) {
        List<HostAnswer> all = new ArrayList<>();
        all.add(own());
        for (HostAnswer other : others) {
            boolean isKnown =
                    other.status().isPresent()
                            && all.stream()
                                    .flatMap(host -> host.status().stream())
                                    .anyMatch(
                                            known ->
                                                    known.identity()
                                                            .equals(
                                                                    other.status()
                                                                            .get()
                                                                            .identity()));
            if (!isKnown) {
                all.add(other);
            }
        }
        return all;
    }

    private HostAnswer own() {
        try {
            StatusSnapshot snapshot = reader.read().withFirst(MOST_ADDRESSES);
            ByteArrayOutputStream document = new ByteArrayOutputStream();
            StatusDocument.write(daemon, snapshot, document);
            return HostAnswer.of("", HostStatus.of(document.toString(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return HostAnswer.failed("", String.valueOf(e.getMessage()));
        }
    }
}
