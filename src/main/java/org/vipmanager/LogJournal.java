package org.vipmanager;

import org.vipmanager.control.Journal;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.systemd.SystemdNotifier;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tells every decision in one line of the log, and systemd in one line what is held. Lives on the
 * loop.
 */
final class LogJournal implements Journal {

    private static final Logger LOG = System.getLogger("org.vipmanager.vip");

    private final SystemdNotifier systemd;
    private final Set<VirtualIp> held = new LinkedHashSet<>();

    LogJournal(SystemdNotifier systemd) {
        this.systemd = systemd;
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        LOG.log(reason.isWarning() ? Level.WARNING : Level.INFO, reason.sentence(vip, trigger));
    }

    @Override
    public void changed(VirtualIp vip, VipState state) {
        boolean changed = state.isHolding() ? held.add(vip) : held.remove(vip);
        if (changed && systemd.isActive()) {
            systemd.status(summary());
        }
    }

    /** What {@code systemctl status} shows. */
    String summary() {
        return switch (held.size()) {
            case 0 -> "standing by";
            case 1 -> "holding " + held.iterator().next();
            default -> "holding " + held.size() + " addresses";
        };
    }
}
