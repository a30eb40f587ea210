package org.vipmanager.control;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.Moment;
import org.vipmanager.core.PatroniAnswer;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.Trigger;
import org.vipmanager.log.Printable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A Patroni as a witness for one leader key: passes on only what the member says that the key's
 * value means, and names everybody else once.
 *
 * <p>Shared by the addresses that follow the key. Lives on the {@link Loop}.
 */
public final class Witness {

    private static final Logger LOG = System.getLogger("org.vipmanager.patroni");

    /** A load balancer answers as somebody else each time. */
    private static final Duration BETWEEN_TOLD = Duration.ofMinutes(1);

    private final PatroniProbe patroni;
    private final String url;
    private final Trigger trigger;
    private @Nullable PatroniMember last;
    private @Nullable PatroniMember told;
    private Moment mayTellFrom = Moment.LONG_AGO;
    private boolean changes;

    /**
     * @param url where it is asked, for the log
     * @param trigger the key that it is to speak for, and the member
     */
    public Witness(PatroniProbe patroni, String url, Trigger trigger) {
        this.patroni = patroni;
        this.url = url;
        this.trigger = trigger;
    }

    /** Asks; the answer is passed on if it counts for this key, and nothing is if it does not. */
    public void ask(Consumer<PatroniAnswer> heard) {
        patroni.ask()
                .whenComplete(
                        (reply, failure) -> {
                            if (failure == null && counts(reply)) {
                                heard.accept(reply.answer());
                            }
                        });
    }

    private boolean counts(PatroniProbe.Reply reply) {
        if (!reply.answer().answered()) {
            return false;
        }
        PatroniMember member = reply.member();
        changes |= last != null && !member.equals(last);
        last = member;
        if (member.speaksFor(trigger)) {
            return true;
        }
        Moment now = reply.answer().sentAt();
        if (!member.equals(told) && !now.isBefore(mayTellFrom)) {
            told = member;
            mayTellFrom = now.plus(BETWEEN_TOLD);
            LOG.log(Level.WARNING, warning(member));
        }
        return false;
    }

    private String warning(PatroniMember member) {
        String remedy =
                changes
                        ? "its answers come from several members: it must be the local Patroni, no load balancer"
                        : "it must be the local Patroni of that cluster"
                                + (member.name().isEmpty() && member.scope().isPresent()
                                        ? ", at an address of this host because it tells no name"
                                        : "");
        return "patroni-url %s answers %s, which says nothing of leader key %s and its value %s: not counted; %s"
                .formatted(
                        url,
                        described(member),
                        trigger.key(),
                        Printable.quoted(trigger.value()),
                        remedy);
    }

    private static String described(PatroniMember member) {
        if (member.scope().isEmpty()) {
            return "without saying of which cluster it is";
        }
        String name =
                member.name()
                        .map(known -> "member " + Printable.quoted(known))
                        .orElse("a member that tells no name");
        return "as " + name + " of scope " + Printable.quoted(member.scope().get());
    }
}
