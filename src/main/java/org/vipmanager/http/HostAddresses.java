package org.vipmanager.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The addresses of host names, best first: one that worked before those that were not tried, and
 * these before one that failed.
 *
 * <p>A name server that hangs keeps one thread for each name, not one for each question, and what
 * it said before is used meanwhile. Safe for use by any thread; blocks.
 */
final class HostAddresses {

    /** So long a name server is waited for where its last answer can be used instead. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    /** The same where there is a connection already; a cache answers sooner. */
    private static final Duration SHORT_PATIENCE = Duration.ofMillis(50);

    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Executor threads;
    private final Map<String, CompletableFuture<List<InetAddress>>> lookups = new HashMap<>();
    private final Map<String, List<InetAddress>> known = new HashMap<>();
    private final Map<String, Long> askedAtNanos = new HashMap<>();
    private final Map<String, InetAddress> good = new HashMap<>();
    private final Map<String, InetAddress> bad = new HashMap<>();

    HostAddresses(Executor threads) {
        this.threads = threads;
    }

    List<InetAddress> of(String host, Duration longest) throws IOException {
        List<InetAddress> before = known(host);
        boolean impatient = before != null && PATIENCE.compareTo(longest) < 0;
        List<InetAddress> found = awaited(lookup(host), impatient ? PATIENCE : longest, before);
        synchronized (this) {
            return inOrder(found, good.get(host), bad.get(host));
        }
    }

    /** Whether a connection still leads to where the name does, as far as name servers say. */
    boolean has(String host, InetAddress address) {
        CompletableFuture<List<InetAddress>> lookup;
        synchronized (this) {
            List<InetAddress> before = known.get(host);
            boolean hanging = lookups.containsKey(host);
            if (before != null && (hanging || isFresh(host))) {
                return before.contains(address);
            }
            lookup = lookup(host);
        }
        try {
            return awaited(lookup, SHORT_PATIENCE, known(host)).contains(address);
        } catch (IOException nobodyKnows) {
            return true;
        }
    }

    private boolean isFresh(String host) {
        return System.nanoTime() - askedAtNanos.getOrDefault(host, 0L) < FRESH.toNanos();
    }

    private synchronized @Nullable List<InetAddress> known(String host) {
        return known.get(host);
    }

    synchronized void worked(String host, InetAddress address) {
        good.put(host, address);
        bad.remove(host, address);
    }

    synchronized void failed(String host, InetAddress address) {
        good.remove(host, address);
        bad.put(host, address);
    }

    /** An address that is written as such is not looked up. */
    private CompletableFuture<List<InetAddress>> lookup(String host) {
        try {
            return CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(host)));
        } catch (IllegalArgumentException isName) {
            synchronized (this) {
                CompletableFuture<List<InetAddress>> underWay = lookups.get(host);
                if (underWay == null) {
                    CompletableFuture<List<InetAddress>> asked = new CompletableFuture<>();
                    threads.execute(() -> resolve(host, asked));
                    lookups.put(host, asked);
                    askedAtNanos.put(host, System.nanoTime());
                    underWay = asked;
                }
                return underWay;
            }
        }
    }

    private void resolve(String host, CompletableFuture<List<InetAddress>> asked) {
        try {
            List<InetAddress> found = List.of(InetAddress.getAllByName(host));
            synchronized (this) {
                known.put(host, found);
            }
            asked.complete(found);
        } catch (UnknownHostException | RuntimeException | Error failure) {
            asked.completeExceptionally(failure);
        } finally {
            synchronized (this) {
                lookups.remove(host, asked);
            }
        }
    }

    private static List<InetAddress> awaited(
            CompletableFuture<List<InetAddress>> lookup,
            Duration longest,
            @Nullable List<InetAddress> before)
            throws IOException {
        Exception failure;
        try {
            return lookup.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            failure = noAnswer;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
        if (before != null) {
            return before;
        }
        UnknownHostException unknown = new UnknownHostException();
        unknown.initCause(failure);
        throw unknown;
    }

    private static List<InetAddress> inOrder(
            List<InetAddress> found, @Nullable InetAddress first, @Nullable InetAddress last) {
        List<InetAddress> ordered = new ArrayList<>(found);
        if (last != null && ordered.remove(last)) {
            ordered.addLast(last);
        }
        if (first != null && ordered.remove(first)) {
            ordered.addFirst(first);
        }
        return ordered;
    }
}
