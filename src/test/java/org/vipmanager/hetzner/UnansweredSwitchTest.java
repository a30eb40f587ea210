package org.vipmanager.hetzner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vipmanager.control.LeaderSource;
import org.vipmanager.core.Event;
import org.vipmanager.core.RetryPolicy;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.http.SocketHttpSender;
import org.vipmanager.http.ThreadLoop;
import org.vipmanager.http.TlsContexts;
import org.vipmanager.provider.ProviderWorker;
import org.vipmanager.provider.RouteController;
import org.vipmanager.provider.RouteJournal;
import org.vipmanager.provider.RouteReason;
import org.vipmanager.provider.RouteRules;
import org.vipmanager.provider.RouteState;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real controller, threads and client, and a Robot that switches without ever saying so. */
final class UnansweredSwitchTest {

    private static final String SERVER = "203.0.113.7";
    private static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");
    private static final Duration SOON = Duration.ofMillis(100);

    private final ThreadLoop loop = new ThreadLoop();
    private final ApiClient client =
            new ApiClient(
                    loop,
                    new SocketHttpSender(
                            loop,
                            new SocketHttpSender.Limits(Duration.ofSeconds(10), 1 << 20),
                            TlsContexts.SYSTEM));
    private final ProviderWorker worker = new ProviderWorker(loop);
    private final List<RouteReason> told = new CopyOnWriteArrayList<>();
    private volatile String active = "\"203.0.113.8\"";

    @AfterEach
    void end() {
        worker.close(Duration.ZERO);
        client.close();
        loop.close();
    }

    /** Looked at until it has happened, and said; asked for once. */
    @Test
    void isLookedAtUntilItHasHappened() throws IOException {
        try (HttpStub robot =
                new HttpStub(
                        (asked, out) -> {
                            if (asked.method().equals("POST")) {
                                Thread.sleep(Duration.ofMinutes(10));
                            }
                            HttpStub.json(
                                    out,
                                    200,
                                    "{\"failover\":{\"active_server_ip\":" + active + "}}");
                        })) {
            RouteController controller = controller(robot);
            loop.execute(controller::start);
            loop.execute(() -> controller.accept(new Event.Seen(sighting("pg2", 1))));
            loop.execute(() -> controller.accept(new Event.Seen(sighting("pg1", 2))));
            await("some looks").atMost(Duration.ofSeconds(60)).until(() -> looks(robot) >= 3);
            assertThat(told).hasAtLeastOneElementOfType(RouteReason.SwitchUnderWay.class);
            assertThat(told.toString()).contains("has not answered within 1 s, it may have heard");
            active = '"' + SERVER + '"';
            await("it says so")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> told.getLast() instanceof RouteReason.RoutedHere);
            assertThat(robot.asked()).filteredOn(one -> one.method().equals("POST")).hasSize(1);
        }
    }

    private static long looks(HttpStub robot) {
        return robot.asked().stream().filter(one -> one.method().equals("GET")).count();
    }

    private Sighting sighting(String value, long revision) {
        return new Sighting(
                TRIGGER.key(),
                Optional.of(value),
                Sighting.Origin.READ,
                new Revision(1, revision),
                revision,
                0,
                loop.now(),
                loop.now());
    }

    private RouteController controller(HttpStub robot) {
        RobotProvider provider =
                new RobotProvider(
                        client,
                        robot.uri(),
                        () -> new RobotLogin("joe", "hush"),
                        new LoginLock(Path.of("/absent"), Optional.empty(), InstantSource.system()),
                        Optional.of(InetAddress.ofLiteral(SERVER)),
                        Optional.empty(),
                        new RobotProvider.Times(Duration.ofSeconds(1), Duration.ofSeconds(20)));
        return new RouteController(
                new VirtualIp(InetAddress.ofLiteral("198.51.100.9"), 32, ""),
                TRIGGER,
                new RouteRules(
                        SOON,
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(1),
                        SOON,
                        new RetryPolicy(SOON, 2, SOON, 0.25),
                        1000,
                        50,
                        false),
                new RouteController.Ports(
                        loop, LeaderSource.SILENT, worker.calling(() -> provider), journal()));
    }

    private RouteJournal journal() {
        return new RouteJournal() {
            @Override
            public void tell(VirtualIp vip, Trigger trigger, RouteReason reason) {
                told.add(reason);
            }

            @Override
            public void changed(VirtualIp vip, RouteState state) {}
        };
    }
}
