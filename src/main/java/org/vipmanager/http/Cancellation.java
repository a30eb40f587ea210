package org.vipmanager.http;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Ends an exchange from another thread, by closing what it waits for. Safe for use by any thread.
 */
final class Cancellation {

    private @Nullable Closeable awaited;
    private boolean cancelled;

    /** The exchange depends on this from now on, until it depends on something else. */
    synchronized void on(Closeable next) throws IOException {
        if (cancelled) {
            next.close();
        }
        check();
        awaited = next;
    }

    /** What the exchange depended on may serve others now. */
    synchronized void release() throws IOException {
        check();
        awaited = null;
    }

    synchronized void check() throws IOException {
        if (cancelled) {
            throw new InterruptedIOException("given up");
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Does not wait for anything. */
    synchronized void cancel() {
        cancelled = true;
        Closeable waiting = awaited;
        awaited = null;
        if (waiting != null) {
            try {
                waiting.close();
            } catch (IOException broken) {
                // It is of no more use, which is what was wanted.
            }
        }
    }
}
