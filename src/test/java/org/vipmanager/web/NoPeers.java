package org.vipmanager.web;

import org.vipmanager.control.RealTime;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.web.cluster.PeerReader;

import java.util.List;
import java.util.Optional;

/** A host of which no other one is known. */
final class NoPeers {

    private NoPeers() {}

    static PeerReader reader() {
        return new PeerReader(
                new RealTime(), List.of(), Optional.empty(), () -> TlsContexts.SYSTEM);
    }
}
