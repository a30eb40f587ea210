package org.vipmanager.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vipmanager.core.Decision;
import org.vipmanager.core.Event;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PutResult;
import org.vipmanager.core.Revision;
import org.vipmanager.core.Rules;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Step;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.posix.FfmLibC;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Real commands, and real decisions. */
final class NotifierTest {

    private static final Trigger TRIGGER = new Trigger("/service/db/leader", "pg1");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path folder;
    private Path told;
    private final List<Notifier> opened = new ArrayList<>();

    @BeforeEach
    void file() {
        told = folder.resolve("told");
    }

    @AfterEach
    void close() {
        opened.forEach(Notifier::close);
    }

    @Test
    void takeoverAndRelease_withTheFacts() throws IOException {
        Address address = new Address(notifier(LONG, script("env | grep VIPMANAGER_ | sort")), 9);
        address.leads("pg1");
        awaitLines(8);
        assertThat(lines())
                .contains(
                        "VIPMANAGER_ADDRESS=10.0.0.9",
                        "VIPMANAGER_EVENT=takeover",
                        "VIPMANAGER_INTERFACE=eth0",
                        "VIPMANAGER_PREFIX_LENGTH=24",
                        "VIPMANAGER_REASON=taking over 10.0.0.9/24 on eth0: leader key"
                                + " /service/db/leader is \"pg1\", this host",
                        "VIPMANAGER_TRIGGER_KEY=/service/db/leader",
                        "VIPMANAGER_TRIGGER_VALUE=pg1");

        address.leads("pg2");
        awaitLines(16);
        assertThat(lines())
                .contains("VIPMANAGER_EVENT=release")
                .anyMatch(line -> line.startsWith("VIPMANAGER_REASON=released 10.0.0.9/24"));
        assertThat(opened.getFirst().counters())
                .containsEntry("notify_failed", 0L)
                .containsEntry("notify_dropped", 0L);
    }

    @Test
    void environment_isNotHandedDown() throws IOException {
        Map<String, String> daemons = new HashMap<>(System.getenv());
        daemons.put("VIP_ETCD_PASSWORD", "geheim");
        daemons.put("VIPMANAGER_FLAG_ETCD_PASSWORD", "geheim");
        daemons.put("CONSUL_HTTP_TOKEN", "geheim");
        daemons.put("NOTIFY_SOCKET", "@geheim");
        Notifier notifier = notifier(daemons, LONG, script("env; echo end"));

        new Address(notifier, 9).leads("pg1");

        await().atMost(PATIENCE).until(() -> lines().contains("end"));
        assertThat(lines())
                .noneMatch(line -> line.contains("geheim"))
                .anyMatch(line -> line.startsWith("PATH="));
    }

    /** Nothing that it could read or write through, as it starts with no descriptor of ours. */
    @Test
    void argumentsAreNoShells_andDescriptorsAreClosed() throws IOException {
        Path script = script("echo \"$1|$2\"; ls /proc/$$/fd | wc -l");
        Notifier notifier =
                notifier(
                        System.getenv(),
                        LONG,
                        List.of(script.toString(), "two words; rm $HOME", "'"));

        new Address(notifier, 9).leads("pg1");

        awaitLines(2);
        assertThat(lines().getFirst()).isEqualTo("two words; rm $HOME|'");
        assertThat(Integer.parseInt(lines().getLast())).isLessThan(8);
    }

    @Test
    void order_isThatOfTheEvents_thoughEachTakesItsTime() throws IOException {
        Path script = script("echo $VIPMANAGER_EVENT; sleep 0.02");
        Address address = new Address(notifier(LONG, script), 9);
        for (int i = 0; i < 8; i++) {
            address.leads("pg1");
            address.leads("pg2");
        }
        awaitLines(16);
        for (int i = 0; i < 16; i++) {
            assertThat(lines().get(i)).isEqualTo(i % 2 == 0 ? "takeover" : "release");
        }
    }

    /** It hangs, and so does what it has started; the next event's run comes after it. */
    @Test
    void hangingCommand_isKilledWithItsGroup() throws IOException {
        Path script =
                script(
                        "echo $VIPMANAGER_EVENT; echo $$ >>$0.pids; sleep 1000 & echo $! >>$0.pids; wait");
        Notifier notifier = notifier(Duration.ofMillis(700), script);
        Address address = new Address(notifier, 9);
        address.leads("pg1");
        address.leads("pg2");

        await().atMost(PATIENCE).until(() -> notifier.counters().get("notify_failed") == 2);
        assertThat(lines()).containsExactly("takeover", "release");
        List<String> started = Files.readAllLines(Path.of(script + ".pids"));
        assertThat(started).hasSize(4);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(started).noneMatch(NotifierTest::isRunning));
    }

    /** One that has ended and that nobody has asked for yet is still there, as a zombie. */
    private static boolean isRunning(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    /** While it hangs fifty events come: the oldest are left out, and the last one is told. */
    @Test
    void tooManyEvents_leaveOutTheOldest() throws IOException {
        Path gate = folder.resolve("gate");
        Path script =
                script("echo $VIPMANAGER_EVENT; while [ ! -e " + gate + " ]; do sleep 0.01; done");
        Notifier notifier = notifier(LONG, script);
        Address address = new Address(notifier, 9);
        for (int i = 0; i < 25; i++) {
            address.leads("pg1");
            address.leads("pg2");
        }
        long dropped = notifier.counters().get("notify_dropped");
        assertThat(dropped).isBetween(28L, 30L);

        Files.createFile(gate);

        awaitLines(50 - (int) dropped);
        assertThat(lines().getLast()).isEqualTo("release");
    }

    /** One address's command hangs; that of another is run meanwhile. */
    @Test
    void hangingCommand_keepsNoOtherAddressWaiting() throws IOException {
        Path script =
                script(
                        "[ $VIPMANAGER_ADDRESS = 10.0.0.9 ] && sleep 1000; echo $VIPMANAGER_ADDRESS");
        Notifier notifier = notifier(Duration.ofSeconds(20), script);
        new Address(notifier, 9).leads("pg1");
        new Address(notifier, 10).leads("pg1");

        awaitLines(1);
        assertThat(lines()).containsExactly("10.0.0.10");
    }

    @Test
    void failures_areCounted() throws IOException {
        Notifier failing = notifier(LONG, script("exit 3"));
        new Address(failing, 9).leads("pg1");
        Notifier absent = notifier(LONG, folder.resolve("none"));
        new Address(absent, 9).leads("pg1");

        await().atMost(PATIENCE).until(() -> failing.counters().get("notify_failed") == 1);
        await().atMost(PATIENCE).until(() -> absent.counters().get("notify_failed") == 1);
    }

    @Test
    void whatIsHeldAlready_isNoNews() throws IOException {
        Path script = script("echo $VIPMANAGER_EVENT");
        Notifier notifier =
                keep(
                        new Notifier(
                                new FfmLibC(),
                                System.getenv(),
                                new NotifySettings(List.of(script.toString()), LONG),
                                List.of(vip(9))));
        Address address = new Address(notifier, 9);
        address.leads("pg1");
        address.leads("pg2");

        awaitLines(1);
        assertThat(lines()).containsExactly("release");
    }

    @Test
    void stopThatKeepsTheAddress_isNoRelease() throws IOException {
        Notifier notifier = notifier(LONG, script("echo $VIPMANAGER_EVENT"));
        Address kept = new Address(notifier, 9);
        kept.leads("pg1");
        kept.next(new Event.StopRequested(true));
        Address released = new Address(notifier, 10);
        released.leads("pg1");
        released.next(new Event.StopRequested(false));
        notifier.close();

        await().atMost(PATIENCE).until(() -> lines().contains("release"));
        assertThat(lines()).filteredOn("release"::equals).hasSize(1);
    }

    private Path script(String body) throws IOException {
        Path script = folder.resolve("script" + opened.size());
        Files.writeString(script, "#!/bin/sh\nexec >>" + told + "\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Notifier notifier(Duration timeout, Path program) {
        return notifier(System.getenv(), timeout, program);
    }

    private Notifier notifier(Map<String, String> environment, Duration timeout, Path program) {
        return notifier(environment, timeout, List.of(program.toString()));
    }

    private Notifier notifier(
            Map<String, String> environment, Duration timeout, List<String> command) {
        return keep(
                new Notifier(
                        new FfmLibC(),
                        environment,
                        new NotifySettings(command, timeout),
                        List.of()));
    }

    private Notifier keep(Notifier notifier) {
        opened.add(notifier);
        return notifier;
    }

    private void awaitLines(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lines()).hasSize(count));
    }

    private List<String> lines() throws IOException {
        return Files.exists(told) ? Files.readAllLines(told) : List.of();
    }

    private static VirtualIp vip(int number) {
        return new VirtualIp(InetAddress.ofLiteral("10.0.0." + number), 24, "eth0");
    }

    /** An address that is decided about, and whose kernel does as it is told. */
    private static final class Address {
        private final Notifier notifier;
        private final VirtualIp vip;
        private Moment now = new Moment(Duration.ofHours(1).toNanos());
        private VipState state = VipState.atStart(now);

        Address(Notifier notifier, int number) {
            this.notifier = notifier;
            vip = vip(number);
        }

        void next(Event event) {
            now = now.plus(Duration.ofMillis(1));
            Step step = new Decision(vip, TRIGGER, Rules.DEFAULT, state, now).about(event);
            state = step.state();
            step.reasons().forEach(reason -> notifier.tell(vip, TRIGGER, reason));
            notifier.changed(vip, state);
        }

        void leads(String who) {
            Sighting read =
                    new Sighting(
                            TRIGGER.key(),
                            Optional.of(who),
                            Sighting.Origin.READ,
                            new Revision(1, now.nanos()),
                            now.nanos(),
                            0,
                            now,
                            now);
            next(new Event.Seen(read));
            if (who.equals(TRIGGER.value())) {
                next(new Event.PutEnded(new PutResult.Done(now, 2, now, true, Duration.ZERO)));
            }
        }
    }
}
