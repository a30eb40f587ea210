package org.vipmanager.core;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * When the DCS was last heard, and what was done about its silence.
 *
 * @param lastReadAsOf when the newest good read was sent; the start of the daemon before the first
 * @param wokeAt put nothing anew, renew nothing and announce nothing before a read that was sent at
 *     this moment or later: this process was frozen before it
 * @param noDoubtBefore a change of the rules must not make a silence too long that was not
 * @param doubt how far the silence has been noticed
 * @param nextProbeAt when to ask the network and Patroni next, once there is doubt
 * @param failure what the source has told last of its trouble, since it was last read
 */
public record Contact(
        Moment lastReadAsOf,
        Moment wokeAt,
        Moment noDoubtBefore,
        Doubt doubt,
        Moment nextProbeAt,
        Optional<String> failure) {

    /** What the silence of the DCS has led to. */
    public enum Doubt {
        NONE,
        /** It begins soon, and Patroni was asked. */
        EXPECTED,
        /** The DCS has been silent for too long, and people were told. */
        TOLD
    }

    /**
     * What Patroni says outweighs what others claim, and what they have claimed already counts as
     * soon as there is doubt: so it is asked before that.
     */
    private static final Duration ASK_PATRONI_BEFORE = Duration.ofMillis(500);

    /** What Patroni answers counts for three seconds, however long the interval is. */
    private static final Duration LONGEST_PAUSE_IN_DOUBT = Duration.ofSeconds(1);

    static Contact none(Moment now) {
        return new Contact(
                now,
                Moment.LONG_AGO,
                Moment.LONG_AGO,
                Doubt.NONE,
                Moment.LONG_AGO,
                Optional.empty());
    }

    Contact afterRead(Moment asOf) {
        return new Contact(
                Moment.later(lastReadAsOf, asOf),
                wokeAt,
                noDoubtBefore,
                Doubt.NONE,
                Moment.LONG_AGO,
                Optional.empty());
    }

    Contact afterFailure(String why) {
        return new Contact(
                lastReadAsOf, wokeAt, noDoubtBefore, doubt, nextProbeAt, Optional.of(why));
    }

    Contact afterFreeze(Moment now) {
        return new Contact(lastReadAsOf, now, noDoubtBefore, doubt, nextProbeAt, failure);
    }

    /**
     * What was quick enough before may be too slow now: the silence so far is judged as before, or
     * as if it had begun with these rules, whichever allows less.
     */
    Contact underOtherRules(Rules before, Rules rules, Moment now) {
        Moment bearable = Moment.earlier(inDoubtFrom(before), now.plus(rules.doubtAfter()));
        return new Contact(lastReadAsOf, wokeAt, bearable, doubt, nextProbeAt, failure);
    }

    Contact expectingDoubt() {
        return new Contact(
                lastReadAsOf, wokeAt, noDoubtBefore, Doubt.EXPECTED, nextProbeAt, failure);
    }

    Contact toldAndProbed(Moment now, Rules rules) {
        Duration pause = Collections.min(List.of(rules.interval(), LONGEST_PAUSE_IN_DOUBT));
        return new Contact(
                lastReadAsOf, wokeAt, noDoubtBefore, Doubt.TOLD, now.plus(pause), failure);
    }

    /** How long ago the newest good read was sent. */
    public Duration silenceAt(Moment now) {
        return lastReadAsOf.until(now);
    }

    /** When there is doubt, unless a read is answered before. */
    Moment inDoubtFrom(Rules rules) {
        return Moment.later(noDoubtBefore, lastReadAsOf.plus(rules.doubtAfter()));
    }

    boolean isInDoubt(Moment now, Rules rules) {
        return !now.isBefore(inDoubtFrom(rules));
    }

    /** When Patroni is to be asked because doubt is near; {@link Moment#NEVER} when it was. */
    Moment expectFrom(Rules rules) {
        return doubt == Doubt.NONE ? inDoubtFrom(rules).minus(ASK_PATRONI_BEFORE) : Moment.NEVER;
    }

    /** When people are to be told of the doubt, or when everybody is to be asked again. */
    Moment askAroundFrom(Rules rules) {
        return Moment.later(inDoubtFrom(rules), nextProbeAt);
    }

    /** What is decided because the DCS is silent names why it is, as far as that was told. */
    Reason.Release explain(Reason.Release why) {
        return why instanceof Reason.InSilence silent && failure.isPresent()
                ? new Reason.AfterTrouble(silent, failure.get())
                : why;
    }

    /** Whether people were told that the DCS is silent. */
    public boolean isTold() {
        return doubt == Doubt.TOLD;
    }

    /**
     * After a freeze nothing is put anew or announced before a read has confirmed that this host
     * still leads.
     */
    boolean isConfirmedSinceWaking() {
        return !lastReadAsOf.isBefore(wokeAt);
    }
}
