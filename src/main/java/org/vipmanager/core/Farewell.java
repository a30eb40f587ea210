package org.vipmanager.core;

import org.vipmanager.core.Reason.Release;

import java.time.Duration;
import java.util.List;

/**
 * How an address that was held is let go: whether its connections are ended too, and whether that
 * comes before its removal, while the kernel can still tell the clients, or after it.
 *
 * <p>Safety before manners: before it only where nobody else can hold the address yet.
 */
final class Farewell {

    /** Whose the address may be when it is let go. */
    private enum Next {
        /** Nobody's before trust ends. */
        NOBODY_YET,
        /** Another's already. */
        ANOTHER,
        /** This host's again in a moment, as it may lead all the while: its sessions live on. */
        THIS_HOST
    }

    /**
     * What the addresses of a daemon that stops may wait for together. None is held until less than
     * the release margin before another node may hold it, and this stays below that margin.
     */
    private static final Duration LONGEST_AT_STOP = Duration.ofMillis(150);

    private Farewell() {}

    /**
     * What is to be done, in this order.
     *
     * @param othersFrom from when on another node may hold the address, as far as this host knows
     */
    static List<Action> of(Release why, Moment othersFrom, Rules rules, Moment now) {
        Action remove = new Action.Remove();
        Duration usual = rules.margins().connectionReset();
        Next next = next(why);
        if (usual.isZero() || next == Next.THIS_HOST) {
            return List.of(remove);
        }
        Moment until = now.plus(why instanceof Reason.Stopping ? LONGEST_AT_STOP : usual);
        return next == Next.NOBODY_YET && until.isBefore(othersFrom)
                ? List.of(new Action.ResetConnections(until), remove)
                : List.of(remove, new Action.ResetConnections(now));
    }

    private static Next next(Release why) {
        return switch (why) {
            case Reason.TrustRanOut _, Reason.Stopping _, Reason.NoLongerConfigured _ ->
                    Next.NOBODY_YET;
            case Reason.LeaderIsOther _, Reason.PatroniDoesNotLead _, Reason.YieldedTo _ ->
                    Next.ANOTHER;
            case Reason.LeaderKeyGone _,
                    Reason.StoreRestored _,
                    Reason.LifetimeRanOut _,
                    Reason.FrozenDuringPut _,
                    Reason.KernelTooSlow _ ->
                    Next.THIS_HOST;
            case Reason.AfterTrouble(Reason.InSilence reason, String _) -> next(reason);
        };
    }
}
