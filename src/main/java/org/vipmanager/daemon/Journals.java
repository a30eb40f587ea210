package org.vipmanager.daemon;

import org.vipmanager.control.Journal;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;

/** Several journals that are told the same, of which some may be missing. Lives on the loop. */
final class Journals implements Journal {

    private static final Journal NOBODY = (vip, trigger, reason) -> {};

    private final Journal log;
    private final Journal status;
    private Journal notifier = NOBODY;
    private Journal counts = NOBODY;

    Journals(Journal log, Journal status) {
        this.log = log;
        this.status = status;
    }

    void notifies(Journal notifier) {
        this.notifier = notifier;
    }

    void notifiesNobody() {
        notifier = NOBODY;
    }

    void counts(Journal counts) {
        this.counts = counts;
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        log.tell(vip, trigger, reason);
        status.tell(vip, trigger, reason);
        notifier.tell(vip, trigger, reason);
        counts.tell(vip, trigger, reason);
    }

    @Override
    public void changed(VirtualIp vip, VipState state) {
        log.changed(vip, state);
        status.changed(vip, state);
        notifier.changed(vip, state);
        counts.changed(vip, state);
    }
}
