package org.vipmanager.simulation;

import org.vipmanager.control.FreezeDetector;
import org.vipmanager.control.Loop;
import org.vipmanager.core.Moment;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The daemon's loop, turn by turn as {@link org.vipmanager.control.DecisionLoop} does it, in
 * simulated time.
 */
final class SimulatedLoop implements Loop.OnClock {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final int MOST_ALARMS_AT_ONCE = 1000;
    private static final long LONGEST_DISPATCH = 80_000;

    private final Agenda agenda;
    private final Dice dice;
    private final Dice jitter;
    private final DaemonProcess process;
    private final HostClock clock;
    private final Duration longestWait;
    private final FreezeDetector freezes;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Scheduled> alarms = new PriorityQueue<>();
    private long scheduled;
    private Runnable onWake = () -> {};
    private Runnable onKernelWait = () -> {};
    private Agenda.Entry wakeUp;
    private boolean running;
    private int standstills;
    private long waitEndsAtMonotonic;
    private boolean ended;

    private static final class Scheduled implements Comparable<Scheduled> {
        private final Moment due;
        private final long order;
        private final Runnable task;

        Scheduled(Moment due, long order, Runnable task) {
            this.due = due;
            this.order = order;
            this.task = task;
        }

        @Override
        public int compareTo(Scheduled other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    SimulatedLoop(World world, DaemonProcess process, Dice dice, Duration interval) {
        agenda = world.agenda();
        this.dice = dice;
        jitter = world.jitter();
        this.process = process;
        clock = process.host().clock();
        longestWait = interval.compareTo(LONGEST_WAIT) < 0 ? interval : LONGEST_WAIT;
        freezes = new FreezeDetector(interval, this);
        wakeUp = agenda.after(0, () -> {});
    }

    void onKernelWait(Runnable action) {
        onKernelWait = action;
    }

    void onWake(Runnable action) {
        onWake = action;
    }

    @Override
    public HostClock clock() {
        return clock;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wakeSoon();
    }

    @Override
    public Alarm at(Moment due, Runnable task) {
        Scheduled alarm = new Scheduled(due, scheduled++, task);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    @Override
    public double chance() {
        return jitter.part();
    }

    @Override
    public void waitedForKernel(Duration time) {
        freezes.excuse(time);
    }

    boolean isFrozen() {
        return standstills > 0;
    }

    boolean isRunning() {
        return running;
    }

    /** The process is not scheduled from now on. */
    void freeze() {
        standstills++;
    }

    /** It is scheduled again. A wait goes on for as long as the monotonic clock says. */
    void thaw() {
        standstills--;
        if (!tasks.isEmpty()) {
            wakeSoon();
        } else {
            waitForTheNext();
        }
    }

    void end() {
        ended = true;
        wakeUp.cancel();
    }

    private void wakeSoon() {
        if (!running && !isFrozen() && !ended) {
            wakeUp.cancel();
            long dispatch = dice.between(5_000, LONGEST_DISPATCH) + process.starvation();
            wakeUp = agenda.after(dispatch, this::turn);
        }
    }

    /** What DecisionLoop does from one wait to the next. */
    private void turn() {
        if (isFrozen() || ended || running) {
            return;
        }
        running = true;
        try {
            do {
                Runnable task = tasks.poll();
                noticeFreeze();
                process.pass(FreezePoint.BEFORE_TASK);
                runDueAlarms();
                if (task != null && !ended) {
                    task.run();
                }
                process.checkAlive();
                noticeFreeze();
                freezes.waitingUntil(waitUntil());
            } while (!ended && (!tasks.isEmpty() || isAlarmDue()));
        } catch (ProcessEnded e) {
            ended = true;
        } finally {
            running = false;
        }
        waitEndsAtMonotonic = monotonicNanos() + Math.max(0, now().until(waitUntil()).toNanos());
        waitForTheNext();
    }

    private void noticeFreeze() {
        boolean kernelWasBusy = freezes.kernelWasBusy();
        if (freezes.wasFrozen(this) && process.noticesFreezes()) {
            onWake.run();
        } else if (kernelWasBusy) {
            onKernelWait.run();
        }
    }

    private void runDueAlarms() {
        int inOneMoment = 0;
        while (isAlarmDue() && !ended) {
            if (++inOneMoment > MOST_ALARMS_AT_ONCE) {
                process.runsWild("wakes itself");
            }
            alarms.remove().task.run();
            noticeFreeze();
        }
    }

    private boolean isAlarmDue() {
        Scheduled first = alarms.peek();
        return first != null && !first.due.isAfter(now());
    }

    private Moment waitUntil() {
        Moment now = now();
        Scheduled first = alarms.peek();
        Moment until = now.plus(longestWait);
        return first == null ? until : Moment.later(now, Moment.earlier(until, first.due));
    }

    private void waitForTheNext() {
        if (!ended && !running && !isFrozen()) {
            wakeUp.cancel();
            long left = Math.max(0, waitEndsAtMonotonic - monotonicNanos());
            long dispatch = dice.between(5_000, LONGEST_DISPATCH) + process.starvation();
            wakeUp = agenda.after(clock.trueNanos(left) + dispatch, this::turn);
        }
    }
}
