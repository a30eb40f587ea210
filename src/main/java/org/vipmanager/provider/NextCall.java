package org.vipmanager.provider;

import org.vipmanager.core.Moment;
import org.vipmanager.provider.RouteState.Agenda;
import org.vipmanager.provider.RouteState.Knowledge;
import org.vipmanager.provider.RouteState.Running;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of the provider next, and when: one call at a time, within the budgets of an hour,
 * and a change only on a read of the DCS that was sent just before.
 *
 * <p>One object for one step; used by one thread.
 */
final class NextCall {

    private final RouteRules rules;
    private final Moment now;
    private final List<RouteReason> reasons;

    private Agenda agenda;
    private Budget reads;
    private Budget changes;
    private boolean budgetTold;

    private final List<Call.Kind> calls = new ArrayList<>();
    private boolean readDcs;

    NextCall(RouteRules rules, RouteState state, Moment now, List<RouteReason> reasons) {
        this.rules = rules;
        this.now = now;
        this.reasons = reasons;
        agenda = state.agenda();
        reads = state.reads();
        changes = state.changes();
        budgetTold = state.told().budget();
    }

    Agenda agenda() {
        return agenda;
    }

    Budget reads() {
        return reads;
    }

    Budget changes() {
        return changes;
    }

    boolean isBudgetTold() {
        return budgetTold;
    }

    /** What is to be asked now: nothing, or one. */
    List<Call.Kind> calls() {
        return List.copyOf(calls);
    }

    boolean readsDcs() {
        return readDcs;
    }

    boolean isRunning() {
        return agenda.running().isPresent();
    }

    // What is wanted of the provider.

    void lookAt(Moment time) {
        agenda = agenda.asking(Call.Kind.STATE, time);
    }

    void acquireAt(Moment time) {
        agenda = agenda.asking(Call.Kind.ACQUIRE, time);
    }

    /** No later than that, if it is looked at now and then. */
    void lookSoonerThan(Moment time) {
        if (agenda.nextAt().isBefore(Moment.NEVER)) {
            lookAt(Moment.earlier(agenda.nextAt(), time));
        }
    }

    void nothing() {
        agenda = agenda.nothing();
    }

    /** A leadership begins: at once, and nothing that was before it counts. */
    void beginWith(Call.Kind kind) {
        agenda =
                agenda.succeeded()
                        .owingRelease(false)
                        .readingDcsAt(Moment.LONG_AGO)
                        .asking(kind, now);
        budgetTold = false;
    }

    /** This host needs the address no more. */
    void leave(boolean owesRelease) {
        agenda = agenda.nothing().owingRelease(owesRelease);
    }

    boolean owesRelease() {
        return agenda.releaseOwed();
    }

    void oweRelease() {
        agenda = agenda.owingRelease(rules.releases());
    }

    void succeeded() {
        agenda = agenda.succeeded();
        budgetTold = false;
    }

    /** The pause after one more failure. */
    Duration failed(double chance) {
        agenda = agenda.failed();
        return agenda.failures().pause(chance);
    }

    /** What would be asked later, or is being asked and will have led to nothing. */
    void askNow() {
        agenda = agenda.asking(agenda.next(), now);
    }

    /** Those of another provider, and by other rules. */
    void forgetFailures() {
        agenda = agenda.withoutFailures(rules.retry());
        budgetTold = false;
    }

    void readDcsNow() {
        readDcs = true;
    }

    /** The call that runs has ended. */
    Running ended(Answer answer) {
        Running ended = agenda.running().orElseThrow();
        agenda = agenda.ended();
        reads = reads.spent(answer.reads(), now);
        changes = changes.spent(answer.changes(), now);
        return ended;
    }

    // What is asked, and when: decided anew after each event.

    /**
     * Asks if that is due, and says when it is due otherwise.
     *
     * @param atTheEnd whether a release is handed over even while a call runs, to wait behind it:
     *     nothing may be decided any more when that has ended
     */
    Moment ask(Knowledge knowledge, boolean atTheEnd) {
        Moment wakeUp = isRunning() ? Moment.NEVER : askNext(knowledge);
        if (agenda.releaseOwed() && (atTheEnd || !isRunning())) {
            agenda = agenda.owingRelease(false);
            start(Call.Kind.RELEASE);
        }
        return wakeUp;
    }

    private Moment askNext(Knowledge knowledge) {
        if (agenda.nextAt().equals(Moment.NEVER)) {
            return Moment.NEVER;
        }
        boolean looks = agenda.next() == Call.Kind.STATE;
        int perHour = looks ? rules.readsPerHour() : rules.changesPerHour();
        Moment free = (looks ? reads : changes).spent(0, now).freeAt(perHour);
        if (now.isBefore(agenda.nextAt())) {
            return Moment.later(agenda.nextAt(), free);
        }
        if (now.isBefore(free)) {
            tellBudget(perHour, free);
            return free;
        }
        if (!looks && !isConfirmed(knowledge)) {
            return confirm();
        }
        budgetTold = false;
        start(agenda.next());
        return Moment.NEVER;
    }

    private void tellBudget(int perHour, Moment free) {
        if (!budgetTold) {
            reasons.add(new RouteReason.BudgetUsedUp(agenda.next(), perHour, now.until(free)));
            budgetTold = true;
        }
    }

    /** Whether a read that was sent just before shows that this host leads. */
    private boolean isConfirmed(Knowledge knowledge) {
        return !knowledge.confirmedAt().isBefore(knowledge.wokeAt())
                && knowledge.confirmedAt().until(now).compareTo(rules.confirmation()) <= 0;
    }

    private Moment confirm() {
        if (!now.isBefore(agenda.readDcsAt())) {
            readDcs = true;
            agenda = agenda.readingDcsAt(now.plus(rules.interval()));
        }
        return agenda.readDcsAt();
    }

    private void start(Call.Kind kind) {
        calls.add(kind);
        agenda = agenda.runs(kind, now);
    }
}
