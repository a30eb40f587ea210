package org.vipmanager.lab;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * What the demonstration shows: a table that is drawn again and again on a terminal, else plain
 * lines.
 */
final class DemoScreen implements AutoCloseable {

    private static final Duration ON_TERMINAL = Duration.ofMillis(250);
    private static final Duration PLAIN = Duration.ofSeconds(1);
    private static final String BOLD = "\033[1m";
    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String DIM = "\033[2m";
    private static final String NORMAL = "\033[0m";

    private final Lab lab;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private final List<String> reports = new ArrayList<>();
    private final Thread thread;
    private String act = "";
    private int drawnLines;
    private volatile boolean closed;

    DemoScreen(Lab lab) {
        this.lab = lab;
        Console console = System.console();
        this.terminal = console != null && console.isTerminal();
        this.thread = Thread.ofPlatform().name("screen").daemon().start(this::run);
    }

    /** Says what happens from now on. */
    synchronized void act(String text) {
        act = text;
        print(BOLD + "%5.1f s  %s".formatted(seconds(), text) + NORMAL);
    }

    /**
     * Says what came of it: how long the client had no answer and how long there were two holders,
     * which it returns.
     */
    synchronized Duration report(String what, long fromNanos, long toNanos) {
        Duration overlap = lab.timeline().overlap(lab.vip(), fromNanos);
        String line =
                "%-28s client without answer %9s, two holders %9s"
                        .formatted(
                                what,
                                Samples.text(lab.client().longestGap(fromNanos, toNanos)),
                                Samples.text(overlap));
        reports.add(line);
        print((overlap.isZero() ? GREEN : RED) + "         " + line + NORMAL);
        return overlap;
    }

    synchronized void say(String text) {
        print("         " + text);
    }

    synchronized void complain(String text) {
        print(RED + "         " + text + NORMAL);
    }

    /** The summary. */
    synchronized void conclude(Duration overlap, boolean served) {
        act = "";
        print("");
        print(BOLD + "In %.0f s:".formatted(seconds()) + NORMAL);
        reports.forEach(line -> print("  " + line));
        print(
                overlap.isZero()
                        ? GREEN + "  the address was never on two hosts" + NORMAL
                        : RED
                                + "  the address was on two hosts for "
                                + Samples.text(overlap)
                                + NORMAL);
        print(
                served
                        ? GREEN + "  the client was served again every time" + NORMAL
                        : RED + "  the client was not always served again" + NORMAL);
    }

    /** Leaves everything as it is until Ctrl-C and says what can be tried. */
    void keep() throws InterruptedException {
        synchronized (this) {
            act = "running until Ctrl-C";
            String enter = enter();
            Host host = lab.host(1);
            String etcd = lab.etcd().host().namespace().name();
            print("");
            print(
                    BOLD
                            + "Everything is left running until Ctrl-C. In another terminal, try:"
                            + NORMAL);
            for (Host each : lab.hosts()) {
                print("  " + enter + "ip -n " + each.namespace().name() + " address show dev eth0");
            }
            print(
                    "  "
                            + enter
                            + "ip -n "
                            + host.namespace().name()
                            + " link set dcs0 down    # then: up");
            print(
                    "  "
                            + enter
                            + "ip netns exec "
                            + etcd
                            + " "
                            + Servers.program("etcd-3.5", "etcdctl")
                            + " get --prefix /service");
            for (Daemon daemon : lab.daemons()) {
                if (daemon.isAlive()) {
                    print("  kill -STOP " + daemon.pid() + "    # the daemon of " + daemon.host());
                }
            }
            print("  tail -f " + lab.folder() + "/*.log");
        }
        new CountDownLatch(1).await();
    }

    /** Root of a user namespace has its namespaces to itself: others must enter it first. */
    private static String enter() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map")).trim();
            boolean own = !map.matches("0\\s+0\\s+4294967295");
            return own
                    ? "nsenter -t %d --user --mount --preserve-credentials "
                            .formatted(ProcessHandle.current().pid())
                    : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() {
        while (!closed) {
            draw();
            try {
                Thread.sleep(terminal ? ON_TERMINAL : PLAIN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void draw() {
        // Asked before the lock is taken: etcd may be frozen.
        String leader = leader();
        Set<String> holders = lab.timeline().holdersNow(lab.vip());
        long now = System.nanoTime();
        int answers = lab.client().answersSince(now - 1_000_000_000).size();
        String answering = lab.client().answeredBy();
        synchronized (this) {
            if (act.isEmpty() || closed) {
                return;
            }
            if (terminal) {
                drawTable(leader, holders, answers, answering);
            } else {
                System.out.printf(
                        "%5.1f s  leader key %-7s holds the address: %-9s client: %3d answers/s, now from %s%n",
                        seconds(),
                        leader,
                        holders.isEmpty() ? "nobody" : String.join(" ", holders),
                        answers,
                        answering);
            }
        }
    }

    private void drawTable(String leader, Set<String> holders, int answers, String answering) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(
                DIM
                        + "  host  daemon   leads  holds "
                        + lab.vip().getHostAddress()
                        + "  answers"
                        + NORMAL);
        for (Host host : lab.hosts()) {
            boolean holds = holders.contains(host.name());
            String colour = holds ? (holders.size() > 1 ? RED : GREEN) : "";
            lines.add(
                    "  %-4s  %-7s  %-5s  %s%-15s%s  %s"
                            .formatted(
                                    host,
                                    daemonOf(host),
                                    leader.equals(host.name()) ? "key" : "",
                                    colour,
                                    holds ? "ADDRESS" : "-",
                                    NORMAL,
                                    answering.equals(host.name()) ? answers + "/s" : ""));
        }
        lines.add(
                "  client: %d answers/s, now from %s%s"
                        .formatted(
                                answers,
                                answering.equals("nobody") ? RED + "nobody" : answering,
                                NORMAL));
        erase();
        lines.forEach(line -> System.out.print("\r\033[K" + line + "\n"));
        System.out.flush();
        drawnLines = lines.size();
    }

    private String daemonOf(Host host) {
        Daemon last =
                lab.daemons().stream()
                        .filter(daemon -> daemon.host() == host)
                        .reduce((_, later) -> later)
                        .orElse(null);
        if (last == null) {
            return "-";
        }
        return !last.isAlive() ? "killed" : last.isFrozen() ? "frozen" : "runs";
    }

    private String leader() {
        try {
            return lab.leaderKey().value();
        } catch (UncheckedIOException e) {
            return "?";
        }
    }

    /** A line that stays, above the table. */
    private void print(String line) {
        erase();
        System.out.println(terminal ? line : line.replaceAll("\033\\[\\d+m", ""));
    }

    private void erase() {
        if (drawnLines > 0) {
            System.out.print("\033[" + drawnLines + "A\033[J");
            drawnLines = 0;
        }
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        thread.join();
    }
}
