package org.vipmanager.report;

import org.vipmanager.core.VipState;
import org.vipmanager.core.VirtualIp;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What becomes of all addresses, in one line: what {@code systemctl status} shows. */
final class StatusLine {

    private final Map<VirtualIp, Condition> conditions = new HashMap<>();
    private final Map<Condition, Integer> counts = new EnumMap<>(Condition.class);

    /**
     * Takes in the state of one address, which has a place in the line until it has stopped.
     *
     * @return whether the line is to be told anew
     */
    boolean note(VirtualIp vip, VipState state) {
        Condition now = Condition.of(state);
        if (now == Condition.STOPPED) {
            forget(vip);
            return false;
        }
        Condition before = conditions.put(vip, now);
        if (now == before) {
            return false;
        }
        counts.merge(now, 1, Integer::sum);
        if (before != null) {
            counts.merge(before, -1, Integer::sum);
        }
        return true;
    }

    /** Whether there is no address in it. */
    boolean isEmpty() {
        return conditions.isEmpty();
    }

    private void forget(VirtualIp vip) {
        Condition before = conditions.remove(vip);
        if (before != null) {
            counts.merge(before, -1, Integer::sum);
        }
    }

    @Override
    public String toString() {
        int held = count(Condition.HOLDING) + count(Condition.IN_DOUBT);
        int notThere = count(Condition.NOT_THERE);
        StringBuilder line = new StringBuilder();
        if (held > 0) {
            line.append("holding ").append(addresses(held));
        } else if (count(Condition.STANDING_BY) > 0) {
            line.append("standing by");
        } else if (notThere == 0) {
            return "the DCS has not answered yet";
        }
        if (notThere > 0) {
            line.append(line.isEmpty() ? "" : "; ")
                    .append("leading, but ")
                    .append(addresses(notThere))
                    .append(" cannot be added: see the log");
        }
        if (count(Condition.IN_DOUBT) > 0) {
            line.append("; the DCS does not answer");
        }
        return line.toString();
    }

    private String addresses(int some) {
        return conditions.size() == 1
                ? conditions.keySet().iterator().next().toString()
                : some + " of " + conditions.size() + " addresses";
    }

    private int count(Condition condition) {
        return counts.getOrDefault(condition, 0);
    }
}
