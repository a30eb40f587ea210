package org.vipmanager.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** When a host was impaired, and how. */
final class ImpairmentLog {

    /** A time of impairment; {@code to} lies far ahead while it lasts. */
    record Period(long from, long to) {
        boolean isOpen() {
            return to == Long.MAX_VALUE;
        }
    }

    private final Agenda agenda;
    private final Map<Impairment, List<Period>> periods = new EnumMap<>(Impairment.class);
    private final Map<Impairment, Integer> depths = new EnumMap<>(Impairment.class);

    ImpairmentLog(Agenda agenda) {
        this.agenda = agenda;
        for (Impairment kind : Impairment.values()) {
            periods.put(kind, new ArrayList<>());
            depths.put(kind, 0);
        }
    }

    void begin(Impairment kind) {
        if (depths.merge(kind, 1, Integer::sum) == 1) {
            periods.get(kind).add(new Period(agenda.now(), Long.MAX_VALUE));
        }
    }

    void end(Impairment kind) {
        if (depths.merge(kind, -1, Integer::sum) == 0) {
            List<Period> all = periods.get(kind);
            all.set(all.size() - 1, new Period(all.getLast().from(), agenda.now()));
        }
    }

    boolean during(Impairment kind, long from, long to) {
        return !overlapping(kind, from, to).isEmpty();
    }

    List<Period> overlapping(Impairment kind, long from, long to) {
        return periods.get(kind).stream()
                .filter(period -> period.from() <= to && period.to() >= from)
                .toList();
    }

    /** When the trouble began that is going on, or that ended less than the given time ago. */
    long troubledSince(Impairment kind, long recovery) {
        long since = Long.MAX_VALUE;
        long until = agenda.now();
        for (Period period : periods.get(kind).reversed()) {
            if (period.to() < until - recovery) {
                break;
            }
            since = period.from();
            until = period.from();
        }
        return since;
    }
}
