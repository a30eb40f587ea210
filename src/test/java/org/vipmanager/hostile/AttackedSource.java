package org.vipmanager.hostile;

import org.vipmanager.control.DecisionLoop;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.control.RealTime;
import org.vipmanager.core.LeaseProof;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.etcd.EtcdLeaderSource;
import org.vipmanager.dcs.etcd.EtcdPolicy;
import org.vipmanager.dcs.etcd.grpc.EtcdAccess;
import org.vipmanager.dcs.etcd.grpc.GrpcEtcdCalls;
import org.vipmanager.tls.TlsFiles;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The etcd source in a process of its own, which may run out of memory: it tells on its standard
 * output what it hears. The arguments are the CA file, or nothing, and the endpoints.
 */
final class AttackedSource implements LeaderSource.Listener {

    private AttackedSource() {}

    public static void main(String[] arguments) {
        TlsFiles trust =
                new TlsFiles(
                        Optional.of(arguments[0]).filter(file -> !file.isEmpty()).map(Path::of),
                        Optional.empty(),
                        Optional.empty());
        AttackedSource self = new AttackedSource();
        DecisionLoop loop = new DecisionLoop(new RealTime(), Duration.ofHours(1));
        EtcdPolicy policy =
                new EtcdPolicy(
                        Arrays.stream(arguments).skip(1).map(URI::create).toList(),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofMillis(100),
                        true);
        EtcdAccess access = new EtcdAccess(Optional.empty(), () -> "", trust);
        EtcdLeaderSource source =
                new EtcdLeaderSource(loop, new GrpcEtcdCalls(loop, access), policy);
        loop.execute(() -> source.start(List.of(new Trigger("/leader", "pg1")), self));
        loop.run();
    }

    @Override
    public void seen(Sighting sighting) {
        System.out.println("seen " + sighting.value().orElse("nothing"));
    }

    @Override
    public void proved(LeaseProof proof) {}

    @Override
    public void failed(String trouble) {
        System.out.println("failed " + trouble);
    }
}
