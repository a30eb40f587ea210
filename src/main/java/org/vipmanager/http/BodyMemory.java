package org.vipmanager.http;

import java.net.ProtocolException;
import java.util.concurrent.Semaphore;

/**
 * How much the bodies of all exchanges may take together, from the first byte until the loop has
 * had them: a thousand endless answers at the same time must fit, too. Safe for use by any thread.
 */
final class BodyMemory {

    /** So much every exchange may have, whatever the others take. */
    private static final int FREE = 16 << 10;

    private final int longest;
    private final Semaphore left;

    /**
     * @param longest one body may take, twice which all of them may
     */
    BodyMemory(int longest) {
        this.longest = longest;
        this.left = new Semaphore(2 * longest);
    }

    Share share() {
        return new Share();
    }

    /** What one exchange has taken; used by one thread at a time. */
    final class Share implements AutoCloseable {

        private int bytes;
        private int taken;

        /** Before so many more bytes of a body are kept. */
        void take(int more) throws ProtocolException {
            if (more > longest - bytes) {
                throw new ProtocolException("sent more than " + longest + " bytes");
            }
            bytes += more;
            int owed = Math.max(0, bytes - FREE) - taken;
            if (owed > 0 && !left.tryAcquire(owed)) {
                throw new ProtocolException("sent more than can be kept beside other answers");
            }
            taken += owed > 0 ? owed : 0;
        }

        /** Gives back what was taken; harmless when repeated. */
        @Override
        public void close() {
            left.release(taken);
            taken = 0;
            bytes = 0;
        }
    }
}
