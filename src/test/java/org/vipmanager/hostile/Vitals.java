package org.vipmanager.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What this process takes: what must not grow with the number of bad answers.
 *
 * @param heapBytes in use after a collection
 * @param sockets open ones, of both sides
 * @param threads of the platform
 */
record Vitals(long heapBytes, int sockets, int threads) {

    private static final long MORE_HEAP = 6 << 20;
    private static final int MORE_SOCKETS = 6;
    private static final int MORE_THREADS = 12;

    static Vitals now() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Vitals(
                runtime.totalMemory() - runtime.freeMemory(),
                openSockets(),
                Thread.getAllStackTraces().size());
    }

    /** Waits until no more is taken than then: what was given up may need a moment to go. */
    void awaitNoMoreThan(Vitals then) {
        await("as much as before: " + then)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> now().assertNoMoreThan(then));
    }

    private void assertNoMoreThan(Vitals then) {
        assertThat(sockets).as("sockets").isLessThanOrEqualTo(then.sockets + MORE_SOCKETS);
        assertThat(threads).as("threads").isLessThanOrEqualTo(then.threads + MORE_THREADS);
        assertThat(heapBytes).as("heap").isLessThanOrEqualTo(then.heapBytes + MORE_HEAP);
    }

    private static int openSockets() {
        int sockets = 0;
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (isSocket(descriptor)) {
                    sockets++;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sockets;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
