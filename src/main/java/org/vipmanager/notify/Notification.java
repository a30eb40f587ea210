package org.vipmanager.notify;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.Reason;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;
import org.vipmanager.report.ReasonText;

import java.time.Instant;
import java.util.Map;

/**
 * What has happened to an address.
 *
 * @param time when it did
 */
record Notification(Kind kind, VirtualIp vip, Trigger trigger, Reason reason, Instant time) {

    enum Kind {
        TAKEOVER("takeover"),
        RELEASE("release");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private static final int LONGEST = 2000;

    /** The facts, by the names of their variables; docs/notify.md describes them. */
    Map<String, String> variables() {
        return Map.of(
                "VIPMANAGER_EVENT", kind.toString(),
                "VIPMANAGER_ADDRESS", PrintedAddress.of(vip.address()),
                "VIPMANAGER_PREFIX_LENGTH", Integer.toString(vip.prefixLength()),
                "VIPMANAGER_INTERFACE", vip.interfaceName(),
                "VIPMANAGER_TRIGGER_KEY", text(trigger.key()),
                "VIPMANAGER_TRIGGER_VALUE", text(trigger.value()),
                "VIPMANAGER_REASON", text(new ReasonText(vip, trigger).of(reason)),
                "VIPMANAGER_TIME", time.toString());
    }

    /** No zero byte, which ends a variable, and no line break. */
    private static String text(String value) {
        return Printable.line(value, LONGEST);
    }

    @Override
    public String toString() {
        return kind + " of " + vip;
    }
}
