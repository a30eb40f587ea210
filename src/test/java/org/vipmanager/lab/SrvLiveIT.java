package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The members of etcd are known to a name server alone. */
@Execution(ExecutionMode.CONCURRENT)
final class SrvLiveIT {

    private static final Duration TTL = Duration.ofSeconds(60);

    /**
     * The name server knows one member of three. It falls silent, and that member dies: the address
     * stays, as the lease says. Then it answers again, with the two others: they are followed, and
     * the address moves with the key.
     */
    @Test
    void recordsAreFollowed_andKeptWhileTheNameServerIsSilent() throws InterruptedException {
        try (Lab lab = Lab.open("etcd by SRV records", 2, 3, Lab.VIP)) {
            NameServer names = lab.keep(new NameServer(lab, lab.etcdServers().get(2).host()));
            lab.hosts().forEach(names::serve);
            names.answer(records(lab, 0));
            PatroniStandIn first = lab.patroni(lab.host(1), TTL);
            List<Daemon> daemons =
                    lab.hosts().stream()
                            .map(
                                    host ->
                                            lab.daemon(
                                                    host,
                                                    "--etcd-srv=lab.test",
                                                    "--dcs-endpoints="))
                            .toList();
            lab.holders().awaitServing(lab.host(1), Lab.START);
            lab.awaitLog(daemons.get(1), "standing by for");
            assertThat(names.wasAskedFor("_etcd-client-ssl._tcp.lab.test")).isTrue();

            names.stop();
            lab.etcdServers().getFirst().kill();
            lab.awaitLog(daemons.getFirst(), "going on with the endpoints of before");
            assertThat(lab.host(1).has(lab.vip())).isTrue();

            names.answer(records(lab, 1, 2));
            lab.awaitLog(daemons.getFirst(), "etcd-srv lab.test: name servers answer again");
            lab.awaitLog(daemons.get(1), "etcd3.lab.test"); // it may have missed the silence
            assertThat(first.isLeading()).isTrue();
            lab.leaderKey().name(lab.host(2));
            lab.holders().awaitServing(lab.host(2), Duration.ofSeconds(20));
        }
    }

    /** etcd1 and so on are these members' names; the first named comes first. */
    private static List<String> records(Lab lab, int... members) {
        List<String> options = new ArrayList<>();
        for (int member : members) {
            EtcdServer server = lab.etcdServers().get(member);
            String name = server.host().name() + ".lab.test";
            options.add("--host-record=" + name + "," + server.host().dcsAddress());
            options.add("--srv-host=_etcd-client._tcp.lab.test," + name + ",2379," + member + ",1");
        }
        return options;
    }
}
