package org.vipmanager.dcs.etcd;

import java.util.List;

/** A watch that is under way. */
public interface EtcdWatch extends AutoCloseable {

    /** Ends it; the listener hears nothing any more. Harmless when it has ended. */
    @Override
    void close();

    /** Receives what a watch tells. Called on the loop. */
    interface Listener {

        /**
         * Keys have changed.
         *
         * @param clusterId the cluster that says so
         * @param changes in the order of their revisions
         */
        void changed(long clusterId, List<EtcdEntry> changes);

        /**
         * The watch is over: canceled, compacted, refused or cut off. Called at most once, last.
         */
        void ended(EtcdFailure failure);
    }
}
