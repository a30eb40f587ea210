package org.vipmanager.lab;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What the daemons of a benchmark may follow. */
enum BenchLeadership {
    /** The leader's key in etcd, as Patroni 3 and 4 write it. */
    ETCD(
            "The key in etcd changes as in a switchover by Patroni: the old leader deletes it, and the new one creates it"
                    + " under its own lease.",
            Duration.ZERO),

    /** The same, written by hand. */
    ETCD_REWRITTEN(
            "The key in etcd is rewritten and never away, as nobody but a person does it. Nobody learns that nobody leads"
                    + " before he learns who does.",
            Duration.ZERO),

    /** The leader's key in Consul. */
    CONSUL(
            "The key in Consul is deleted, and put by the new leader; at any moment of a second. The package of 5.0.0"
                    + " is built without Consul.",
            Duration.ofSeconds(1)),

    /** What the Patroni of each host answers. */
    PATRONI(
            "No key is followed: the REST API of the old leader's Patroni answers 503 from now on, and that of the new one"
                    + " 200; at any moment of a second. Both programs ask once a second, so that half a second goes by on average. Where the change falls between the questions of the two hosts, the address is on none of them, or on both, until the next question: so the worst outages are one second, or none.",
            Duration.ofSeconds(1));

    private static final Duration TTL = Duration.ofMinutes(10);

    private final String said;
    private final Duration spread;

    BenchLeadership(String said, Duration spread) {
        this.said = said;
        this.spread = spread;
    }

    /** For the document. */
    String said() {
        return said;
    }

    /** Changes come at any moment of that time, as a program may ask once in it. */
    Duration spread() {
        return spread;
    }

    /** Debian's package of 5.0.0 has no Consul. */
    boolean isKnownTo(Program program) {
        return this != CONSUL || !program.isGo();
    }

    /** A laboratory without daemons, in which the first host leads. */
    Lab open(String name) throws InterruptedException {
        return switch (this) {
            case ETCD, ETCD_REWRITTEN -> Lab.open(name);
            case CONSUL, PATRONI -> Lab.openWithoutEtcd(name);
        };
    }

    /** The first host leads from now on. */
    Leadership in(Lab lab) {
        return switch (this) {
            case ETCD -> new Etcd(lab);
            case ETCD_REWRITTEN -> named(lab, Leadership.rewritten(lab));
            case CONSUL -> new Consul(lab);
            case PATRONI -> new Patroni(lab);
        };
    }

    private static Leadership named(Lab lab, Leadership leadership) {
        leadership.move(lab.host(2), lab.host(1));
        return leadership;
    }

    private record Etcd(Lab lab) implements Leadership {

        Etcd {
            lab.leaderKey().handOver(lab.host(1), TTL);
        }

        @Override
        public long move(Host from, Host to) {
            return lab.leaderKey().handOver(to, TTL);
        }

        @Override
        public String[] flags(Host host) {
            return new String[0];
        }
    }

    private static final class Consul implements Leadership {

        private final ConsulStore consul;

        Consul(Lab lab) {
            consul = lab.consul();
            consul.put(Lab.KEY, lab.host(1).name());
        }

        @Override
        public long move(Host from, Host to) {
            consul.delete(Lab.KEY);
            return consul.put(Lab.KEY, to.name());
        }

        @Override
        public String[] flags(Host host) {
            return new String[] {"--dcs-type=consul", "--dcs-endpoints=" + consul.endpoint()};
        }
    }

    private static final class Patroni implements Leadership {

        private final Lab lab;
        private final Map<Host, PatroniStub> patronis = new HashMap<>();

        Patroni(Lab lab) {
            this.lab = lab;
            lab.hosts().forEach(host -> patronis.put(host, lab.keep(new PatroniStub(host))));
            of(lab.host(1)).answer(200);
        }

        private PatroniStub of(Host host) {
            return patronis.get(host);
        }

        @Override
        public long move(Host from, Host to) {
            of(from).answer(503);
            of(to).answer(200);
            return lab.timeline().note("Patroni of " + to + " answers 200");
        }

        @Override
        public String[] flags(Host host) {
            return new String[] {
                "--dcs-type=patroni",
                "--dcs-endpoints=http://127.0.0.1:8008/",
                "--trigger-key=/leader",
                "--trigger-value=200"
            };
        }
    }
}
