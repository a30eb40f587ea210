package org.vipmanager.notify;

import org.vipmanager.control.Journal;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;
import org.vipmanager.posix.LibC;
import org.vipmanager.program.ProgramEnd;
import org.vipmanager.program.UserProgram;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has the command run after each takeover, as soon as the address is on the interface, and after
 * each release. A failure is a line in the log and a number, and changes nothing for the address.
 *
 * <p>Lives on the loop, but for the counters.
 */
public final class Notifier implements Journal, AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.notify");

    private static final int LONGEST_OUTPUT = 4096;

    /** The daemon's end waits so long; it is cut short after three seconds at the earliest. */
    private static final Duration PATIENCE_AT_THE_END = Duration.ofMillis(500);

    private final UserProgram program;
    private final CommandQueue queue = new CommandQueue(this::run, this::dropped);
    private volatile NotifySettings settings;

    /** The last reason of each address that is one to take over or to let go. */
    private final Map<VirtualIp, Told> told = new HashMap<>();

    /** Those of which a takeover was notified last. */
    private final Map<VirtualIp, Boolean> held = new HashMap<>();

    private final AtomicLong succeeded = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    private record Told(Trigger trigger, Reason reason) {}

    /**
     * @param environment the daemon's own, of which the command gets a few variables
     * @param held what is held already, and is no news
     */
    public Notifier(
            LibC libC,
            Map<String, String> environment,
            NotifySettings settings,
            Collection<VirtualIp> held) {
        program = new UserProgram(libC, environment, List.of());
        this.settings = settings;
        held.forEach(vip -> this.held.put(vip, true));
    }

    /** Runs this from now on. */
    public void runInstead(NotifySettings other) {
        settings = other;
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        if (reason instanceof Reason.TookOver || reason instanceof Reason.Release) {
            told.put(vip, new Told(trigger, reason));
        }
    }

    @Override
    public void changed(VirtualIp vip, VipState state) {
        boolean isHeld = held.getOrDefault(vip, false);
        boolean isHolding = state.isHolding();
        boolean isPlaced = state.phase() instanceof Phase.Holding holding && holding.isPlaced();
        if (!isHeld && isPlaced) {
            held.put(vip, true);
            notify(Notification.Kind.TAKEOVER, vip);
        } else if (isHeld && !isHolding) {
            held.remove(vip);
            notify(Notification.Kind.RELEASE, vip);
        }
        if (state.phase() instanceof Phase.Stopped) {
            told.remove(vip);
        }
    }

    /**
     * Where the address is left to the kernel at a stop it is not released, and nothing is told.
     */
    private void notify(Notification.Kind kind, VirtualIp vip) {
        Told last = told.get(vip);
        boolean isOfThisKind =
                last != null
                        && (kind == Notification.Kind.RELEASE)
                                == (last.reason() instanceof Reason.Release);
        if (last != null && isOfThisKind) {
            Notification next =
                    new Notification(kind, vip, last.trigger(), last.reason(), Instant.now());
            if (!queue.add(next)) {
                failed(next, "could not be started, as no thread can be had");
            }
        }
    }

    private void run(Notification notification) {
        try {
            NotifySettings now = settings;
            ProgramEnd end =
                    program.run(now.command(), notification.variables(), now.timeout(), () -> true);
            tellOutput(now, end);
            Optional<String> trouble = trouble(now, end);
            if (trouble.isEmpty()) {
                succeeded.incrementAndGet();
            } else {
                failed(notification, trouble.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error fault) {
            failed(notification, fault.toString());
        }
    }

    private static void tellOutput(NotifySettings settings, ProgramEnd end) {
        if (!end.output().isBlank()) {
            LOG.log(
                    Level.INFO,
                    "notify-command {0} writes: {1}",
                    settings.command().getFirst(),
                    Printable.line(end.output().strip(), LONGEST_OUTPUT));
        }
    }

    private static Optional<String> trouble(NotifySettings settings, ProgramEnd end) {
        return switch (end.how()) {
            case NOT_STARTED ->
                    Optional.of(
                            "could not be started, or says so: "
                                    + (end.exitCode() == 0
                                            ? end.lastLine()
                                            : "exit code " + end.exitCode()));
            case TIMED_OUT, UNWANTED ->
                    Optional.of(
                            "was killed, as it had not ended after " + text(settings.timeout()));
            case EXITED ->
                    end.exitCode() == 0
                            ? Optional.empty()
                            : Optional.of("ended with exit code " + end.exitCode());
        };
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }

    private void failed(Notification notification, String trouble) {
        failed.incrementAndGet();
        LOG.log(
                Level.WARNING,
                "notify-command {0} after the {1}: it {2}; the address is not affected",
                settings.command().getFirst(),
                notification,
                trouble);
    }

    private void dropped(Notification oldest) {
        dropped.incrementAndGet();
        LOG.log(
                Level.WARNING,
                "notify-command {0} is too slow: too many events wait for it, and it is not told of"
                        + " an older one, the {1}; the address is not affected",
                settings.command().getFirst(),
                oldest);
    }

    /** How often the command ended well, failed, and was not run. Callable from any thread. */
    public Map<String, Long> counters() {
        return Map.of(
                "notify_succeeded", succeeded.get(),
                "notify_failed", failed.get(),
                "notify_dropped", dropped.get());
    }

    /** As {@link #close}, but what is under way has all the time that it may take. */
    public void closeWithoutWaiting() {
        queue.end();
    }

    /** At the end of the daemon: what is under way has a moment more. */
    @Override
    public void close() {
        try {
            queue.drain(PATIENCE_AT_THE_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        queue.close();
    }
}
