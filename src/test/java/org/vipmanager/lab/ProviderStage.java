package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Two hosts whose daemons ask a stand-in of a provider, and an etcd. */
abstract class ProviderStage<P extends ProviderStandIn> implements AutoCloseable {

    /** Of a switch that waits for another, with the pauses of the daemon. */
    static final Duration SOME_SWITCHES = Duration.ofSeconds(90);

    final Lab lab;
    final P provider;

    /** Where the daemons may write. */
    final Path memory;

    ProviderStage(String name, Function<Lab, P> standIn) throws InterruptedException {
        lab = Lab.open(name);
        provider = standIn.apply(lab);
        memory = lab.memory("provider");
    }

    /** The flags of that host's daemon. */
    abstract List<String> flags(int number);

    /** The host's server, as the provider calls it. */
    abstract String server(int number);

    /** Quicker than in real life. */
    List<String> pace() {
        return List.of("--hetzner-poll-interval=1s");
    }

    Program program(Host host) {
        return Program.underTest();
    }

    final void startBoth() {
        start(1);
        start(2);
    }

    final Daemon start(int number) {
        List<String> flags = new ArrayList<>(flags(number));
        flags.addAll(pace());
        Host host = lab.host(number);
        return lab.daemon(program(host), host, flags.toArray(String[]::new));
    }

    final long lead(int number) {
        return lab.leaderKey().name(lab.host(number));
    }

    final boolean isRouted(int number) {
        return provider.active().equals(server(number));
    }

    final void awaitRouted(int number) {
        await("routed to " + number).atMost(SOME_SWITCHES).until(() -> isRouted(number));
    }

    final void awaitSwitching() {
        await("a switch").atMost(Lab.START).until(provider::isSwitching);
    }

    final void awaitTold(Daemon daemon, String text) {
        await(text)
                .atMost(SOME_SWITCHES)
                .until(() -> daemon.log().stream().anyMatch(line -> line.contains(text)));
    }

    final List<ProviderStandIn.Request> changesSince(long nanos) {
        return provider.requests().stream()
                .filter(one -> one.method().equals("POST"))
                .filter(one -> one.atNanos() - nanos > 0)
                .toList();
    }

    @Override
    public void close() {
        lab.close();
        provider.close();
    }
}
