package org.vipmanager;

import org.vipmanager.control.Journal;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Tells every decision in one line of the log. */
final class LogJournal implements Journal {

    private static final Logger LOG = System.getLogger("org.vipmanager.vip");

    @Override
    public void tell(VirtualIp vip, Trigger trigger, Reason reason) {
        LOG.log(reason.isWarning() ? Level.WARNING : Level.INFO, reason.sentence(vip, trigger));
    }
}
