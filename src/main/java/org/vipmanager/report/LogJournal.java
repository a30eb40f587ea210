package org.vipmanager.report;

import org.vipmanager.control.Journal;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.systemd.SystemdNotifier;

import java.lang.System.Logger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells every decision in one line of the log, what becomes of an interface once for all its
 * addresses, and systemd in one line what is held. Lives on the loop.
 */
public final class LogJournal implements Journal {

    private static final Logger LOG = System.getLogger("org.vipmanager.vip");

    private final SystemdNotifier systemd;
    private final StatusLine status = new StatusLine();
    private Supplier<String> routes = () -> "";

    /** Of all addresses on an interface the one that tells what becomes of the interface. */
    private final Map<String, VirtualIp> speakers = new HashMap<>();

    public LogJournal(SystemdNotifier systemd) {
        this.systemd = systemd;
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        boolean concernsInterface =
                reason instanceof Reason.InterfaceReady || reason instanceof Reason.InterfaceLost;
        if (concernsInterface
                && !speakers.computeIfAbsent(vip.interfaceName(), name -> vip).equals(vip)) {
            return;
        }
        LOG.log(ReasonText.level(reason), new ReasonText(vip, trigger).of(reason));
    }

    @Override
    public void changed(VirtualIp vip, VipState state) {
        if (status.note(vip, state)) {
            tellSystemd();
        }
    }

    /** Other addresses are followed now, and may speak for their interfaces. */
    public void reloaded() {
        speakers.clear();
    }

    /** What becomes of other addresses is told in the same line from now on. */
    public void beside(Supplier<String> others) {
        routes = others;
    }

    /** The line has changed. */
    void tellSystemd() {
        if (systemd.isActive()) {
            systemd.status(summary());
        }
    }

    /** What {@code systemctl status} shows. */
    public String summary() {
        String others = routes.get();
        if (others.isEmpty()) {
            return status.toString();
        }
        return status.isEmpty() ? others : status + "; " + others;
    }
}
