package org.vipmanager.daemon;

import org.jspecify.annotations.Nullable;
import org.vipmanager.config.StatusConfig;
import org.vipmanager.control.VipController;
import org.vipmanager.control.VipFleet;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.notify.Notifier;
import org.vipmanager.notify.NotifySettings;
import org.vipmanager.posix.LibC;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The command that the configuration wants run after takeovers and releases; where it wants none,
 * there is nothing of it. Lives on the loop.
 */
final class Notifications implements AutoCloseable {

    private static final Logger LOG = System.getLogger("org.vipmanager.daemon");

    private final LibC libC;
    private final Map<String, String> environment;
    private final Journals journals;
    private final Executor aside;
    private @Nullable Notifier notifier;

    Notifications(LibC libC, Map<String, String> environment, Journals journals) {
        this(
                libC,
                environment,
                journals,
                ending -> Thread.ofPlatform().name("notify end").daemon().start(ending));
    }

    /**
     * @param aside where an end waits for what is under way
     */
    Notifications(LibC libC, Map<String, String> environment, Journals journals, Executor aside) {
        this.aside = aside;
        this.libC = libC;
        this.environment = environment;
        this.journals = journals;
    }

    /**
     * Has run what the configuration names from now on.
     *
     * @param fleet what it holds already is no news
     */
    void adapt(StatusConfig config, VipFleet fleet) {
        List<String> command = config.notifyCommand();
        if (command.isEmpty()) {
            endBesideTheLoop();
            return;
        }
        warnIfAbsent(command.getFirst());
        NotifySettings settings = new NotifySettings(command, config.notifyTimeout());
        if (notifier != null) {
            notifier.runInstead(settings);
            return;
        }
        notifier = new Notifier(libC, environment, settings, heldBy(fleet));
        journals.notifies(notifier);
    }

    private static List<VirtualIp> heldBy(VipFleet fleet) {
        return fleet.controllers().stream()
                .filter(controller -> controller.state().isHolding())
                .map(VipController::vip)
                .toList();
    }

    private static void warnIfAbsent(String program) {
        if (!Files.isExecutable(Path.of(program))) {
            LOG.log(
                    Level.WARNING,
                    "notify-command {0} is no program that this user may run: nobody is told of"
                            + " takeovers and releases; addresses move as ever",
                    program);
        }
    }

    /** What is under way gets its time, and no address waits for it. */
    private void endBesideTheLoop() {
        Notifier ended = notifier;
        if (ended != null) {
            journals.notifiesNobody();
            notifier = null;
            try {
                aside.execute(ended::close);
            } catch (OutOfMemoryError noThread) {
                LOG.log(
                        Level.INFO,
                        "what is still run of notify-command has until its timeout, as no thread can"
                                + " be had to end it");
                ended.closeWithoutWaiting();
            }
        }
    }

    Map<String, Long> counters() {
        return notifier == null ? Map.of() : notifier.counters();
    }

    @Override
    public void close() {
        if (notifier != null) {
            journals.notifiesNobody();
            notifier.close();
            notifier = null;
        }
    }
}
