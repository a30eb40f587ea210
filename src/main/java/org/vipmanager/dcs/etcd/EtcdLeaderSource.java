package org.vipmanager.dcs.etcd;

import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Trigger;

import java.util.Collection;

/** Follows leader keys in etcd v3. */
public final class EtcdLeaderSource implements LeaderSource {

    public EtcdLeaderSource(Loop loop, EtcdCalls calls, EtcdPolicy policy) {}

    @Override
    public void start(Collection<Trigger> triggers, Listener listener) {
        throw new UnsupportedOperationException("being written");
    }

    @Override
    public void follow(Collection<Trigger> triggers) {}

    @Override
    public void readNow() {}

    @Override
    public void restart() {}

    @Override
    public void close() {}
}
