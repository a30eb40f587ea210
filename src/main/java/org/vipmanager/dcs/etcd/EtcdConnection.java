package org.vipmanager.dcs.etcd;

import org.vipmanager.core.LeaseProof;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A connection to one endpoint.
 *
 * <p>Calls are sent in the order in which they are made. Of {@code answered} and {@code failed}
 * exactly one is called, once, on the loop; neither of them after {@link #close}. A failed
 * connection is not repaired: close it and open another.
 */
public interface EtcdConnection extends AutoCloseable {

    /**
     * The most keys of one {@link #read}: what an etcd server takes (its {@code --max-txn-ops}).
     */
    int MOST_KEYS = 128;

    /**
     * Reads keys, linearizably, in one transaction.
     *
     * @param keys at most {@link #MOST_KEYS}
     * @param deadline after which the call fails with {@link EtcdFailure.Kind#SILENT}; the first
     *     answer of a connection may take longer, where its endpoint is known to need that
     */
    void read(
            List<String> keys,
            Duration deadline,
            Consumer<Answer> answered,
            Consumer<EtcdFailure> failed);

    /** Asks how much time a lease has left ({@code LeaseTimeToLive} without its keys). */
    void timeToLive(
            long leaseId,
            Duration deadline,
            Consumer<LeaseProof.Answer> answered,
            Consumer<EtcdFailure> failed);

    /**
     * Follows changes of any number of keys.
     *
     * @param startRevision the first revision whose changes are told
     */
    Watch watch(List<String> keys, long startRevision, WatchListener listener);

    /**
     * Whether a connection opened now would use other certificates than this one did, because the
     * files were replaced.
     */
    boolean isOutdated();

    /**
     * The answer to a linearizable read.
     *
     * @param clusterId the cluster that answered
     * @param revision the store's revision at which all of the entries are true
     * @param raftTerm the term of the member that answered
     * @param entries one for each key that was asked for, in the same order
     */
    record Answer(long clusterId, long revision, long raftTerm, List<EtcdEntry> entries) {}

    /** A watch that is under way. */
    interface Watch extends AutoCloseable {

        /**
         * Asks whether it is alive, behind all changes that have been sent. Answered by {@link
         * WatchListener#alive}, or never: by a server that is older than 3.4, or has not caught up.
         */
        void askWhetherAlive();

        /** Ends it; the listener hears nothing any more. Harmless when it has ended. */
        @Override
        void close();
    }

    /** Receives what a watch tells. Called on the loop. */
    interface WatchListener {

        /**
         * Keys have changed.
         *
         * @param clusterId the cluster that says so
         * @param changes in the order of their revisions
         */
        void changed(long clusterId, List<EtcdEntry> changes);

        /** The server answers that the watch is alive. */
        void alive();

        /**
         * The watch is over: canceled, compacted, refused or cut off. Called at most once, last.
         */
        void ended(EtcdFailure failure);
    }

    /** Ends the connection; nothing is heard of its calls and watches any more. */
    @Override
    void close();
}
