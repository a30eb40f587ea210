package org.vipmanager.lab;

import java.time.Duration;

/** What may fail while the first of two hosts leads. */
enum BenchFault {
    NETWORK_DOWN("leader's DCS network goes down, lease moves on") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            return cut(stage, Cut.LINK_DOWN);
        }
    },
    NETWORK_SILENT("leader's DCS network swallows everything, lease moves on") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            return cut(stage, Cut.SILENCE);
        }
    },
    ETCD_HANGS("etcd hangs for 20 s, past the lease") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.leased().begin();
            long at = lab.timeline().note("etcd hangs");
            lab.etcd().freeze();
            Thread.sleep(Duration.ofSeconds(20));
            String gone = stage.removed(lab.host(1), at, Duration.ZERO);
            lab.etcd().thaw();
            return "old leader " + gone;
        }
    },
    ETCD_LATE("etcd starts 5 s after the daemons") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.beginWithoutEtcd();
            Thread.sleep(Duration.ofSeconds(5));
            lab.etcd().start();
            lab.etcd().awaitReady();
            long at = lab.leaderKey().handOver(lab.host(1), BenchFaultStage.LONG_TTL);
            return "address " + stage.held(lab.host(1), at, Duration.ofSeconds(30));
        }
    },
    SIGTERM("SIGTERM") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            return signal(stage, Kernel.SIGTERM);
        }
    },
    SIGINT("SIGINT") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            return signal(stage, Kernel.SIGINT);
        }
    },
    SIGKILL("SIGKILL") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            return signal(stage, Kernel.SIGKILL);
        }
    },
    SIGSTOP("daemon hangs (SIGSTOP), leadership handed over at once") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.begin();
            lab.daemons().getFirst().signal(Kernel.SIGSTOP);
            long at = lab.leaderKey().handOver(lab.host(2), BenchFaultStage.LONG_TTL);
            stage.removed(lab.host(1), at, Duration.ofSeconds(20));
            return stage.overlap(at);
        }
    },
    HOST_FROZEN("leader's host frozen, lease moves on") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.leased().begin();
            lab.patroni(lab.host(2), BenchFaultStage.TTL);
            lab.patronis().getFirst().freeze(true);
            lab.echoServer(lab.host(1)).freeze(true);
            long at = lab.daemons().getFirst().signal(Kernel.SIGSTOP);
            return stage.moved(at);
        }
    },
    KEY_DELETED("leader key deleted") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.begin();
            long at = System.nanoTime();
            lab.leaderKey().delete();
            return stage.removed(lab.host(1), at, Duration.ofSeconds(15));
        }
    },
    REMOVED_BY_HAND("address removed by hand") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.begin();
            long at = lab.timeline().note("removed by hand");
            lab.host(1).namespace().ip("address delete " + lab.vipWithPrefix() + " dev eth0");
            long removed = lab.timeline().firstRemoved(lab.host(1), lab.vip(), at);
            return "back " + stage.held(lab.host(1), removed, Duration.ofSeconds(30));
        }
    },
    INTERFACE_CREATED_ANEW("interface deleted and created") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.begin();
            Host host = lab.host(1);
            host.namespace().ip("link delete eth0");
            long at = lab.timeline().note("interface created");
            host.createInterface();
            return "address %s, served %s"
                    .formatted(
                            stage.held(host, at, Duration.ofSeconds(40)),
                            stage.served(host, at, Duration.ofSeconds(60)));
        }
    },
    ANNOUNCEMENT_LOST("first announcement lost") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            Lab lab = stage.begin();
            AnnouncementLiveIT.loseFirst(lab.client().host(), false);
            return stage.outageOfMove();
        }
    },
    IPV6("IPv6: a switchover without any loss") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            stage.ofIpv6().begin();
            return stage.outageOfMove();
        }
    },
    CERTIFICATES_ROTATED(
            "all certificates replaced in their files, etcd restarted, then a switchover") {
        @Override
        String play(BenchFaultStage stage) throws InterruptedException {
            return "address " + stage.rotateCertificates();
        }
    };

    private final String said;

    BenchFault(String said) {
        this.said = said;
    }

    /** For the table. */
    String said() {
        return said;
    }

    /** What the program did, in a few words; tried again where the machine kept it from a start. */
    String play(Program program) throws InterruptedException {
        try {
            return playOnce(program);
        } catch (AssertionError | RuntimeException again) {
            System.out.println(this + " with " + program.name() + ": " + again);
        }
        try {
            return playOnce(program);
        } catch (AssertionError | RuntimeException e) {
            System.out.println(this + " with " + program.name() + ": " + e);
            return "not played: the scenario failed twice";
        }
    }

    private String playOnce(Program program) throws InterruptedException {
        try (BenchFaultStage stage = new BenchFaultStage(program, name())) {
            return play(stage);
        }
    }

    abstract String play(BenchFaultStage stage) throws InterruptedException;

    private static String cut(BenchFaultStage stage, Cut cut) throws InterruptedException {
        Lab lab = stage.leased().begin();
        lab.patroni(lab.host(2), BenchFaultStage.TTL);
        return stage.moved(lab.cutDcs(lab.host(1), cut));
    }

    private static String signal(BenchFaultStage stage, int signal) throws InterruptedException {
        Lab lab = stage.begin();
        long at = lab.daemons().getFirst().signal(signal);
        return stage.removed(lab.host(1), at, Duration.ofSeconds(15));
    }
}
