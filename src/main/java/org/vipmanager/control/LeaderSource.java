package org.vipmanager.control;

import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;

import java.util.Collection;

/**
 * Where leadership is looked up: etcd, Consul, or Patroni's REST API.
 *
 * <p>All methods are called on the {@link Loop}, and the listener is called there too. A source
 * never gives up: it fails over, backs off and tries again until it is closed.
 */
public interface LeaderSource extends AutoCloseable {

    /** Says nothing, ever. */
    LeaderSource SILENT =
            new LeaderSource() {
                @Override
                public void start(Collection<Trigger> triggers, Listener listener) {}

                @Override
                public void follow(Collection<Trigger> triggers) {}

                @Override
                public void readNow() {}

                @Override
                public void restart() {}

                @Override
                public void close() {}
            };

    /**
     * Begins to read and to watch the keys. What may prove that this host leads is read every
     * interval. Called once.
     */
    void start(Collection<Trigger> triggers, Listener listener);

    /** Follows another set of keys from now on; keys in both sets are not disturbed. */
    void follow(Collection<Trigger> triggers);

    /** Reads as soon as possible, without waiting for the interval; several calls make one read. */
    void readNow();

    /**
     * Reads soon, only that the way to the DCS is gone once more. It does not where that would be
     * much to ask, or where anything has failed since the start.
     *
     * @return whether it may be asked for this again
     */
    default boolean practise() {
        return false;
    }

    /**
     * Forgets everything that is under way, because this process was frozen and answers may be old:
     * nothing that was sent before this call reaches the listener any more. Then reads, and watches
     * anew.
     */
    void restart();

    /** Ends at once, never waiting for the DCS. Nothing reaches the listener afterwards. */
    @Override
    void close();

    /** Receives what the DCS says. Called on the loop. */
    interface Listener {

        void seen(Sighting sighting);

        void proved(LeaseProof proof);

        /** An endpoint has answered; for those who show it. */
        default void answered(DcsAnswer answer) {}

        /**
         * The DCS could not be asked.
         *
         * @param trouble one sentence with the endpoint and what happened, for the log; no secrets
         */
        void failed(String trouble);

        /**
         * One key could not be read.
         *
         * @param trouble as above
         */
        default void failed(String key, String trouble) {
            failed(trouble);
        }
    }
}
