package org.vipmanager.check;

import org.vipmanager.config.Config;
import org.vipmanager.config.ManagerType;
import org.vipmanager.config.VipConfig;
import org.vipmanager.provider.Answer;
import org.vipmanager.provider.Call;
import org.vipmanager.provider.Provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Whether a provider takes the login and knows the address: one look at each address, which changes
 * nothing.
 */
final class ProviderCheck {

    /** A request of the Robot's has half a minute. */
    static final Duration LONGEST = Duration.ofSeconds(35);

    /** Of each kind, as an hour has not many. */
    private static final int MOST_LOOKS = 5;

    private final Config config;
    private final Map<String, KeyState> keys;
    private final Function<ManagerType, Provider> maker;

    /**
     * @param keys what the DCS says of the leader keys, as far as it could be asked
     */
    ProviderCheck(
            Config config, Map<String, KeyState> keys, Function<ManagerType, Provider> maker) {
        this.config = config;
        this.keys = keys;
        this.maker = maker;
    }

    List<Finding> ask(Inquiries inquiries, Deadline deadline) {
        Map<ManagerType, Provider> providers = new EnumMap<>(ManagerType.class);
        Map<ManagerType, Integer> looks = new EnumMap<>(ManagerType.class);
        List<VipConfig> asked = new ArrayList<>();
        List<Callable<Answer.Outcome>> tasks = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (VipConfig vip : config.vips()) {
            if (!vip.isRouted()) {
                continue;
            }
            if (looks.merge(vip.managerType(), 1, Integer::sum) <= MOST_LOOKS) {
                Provider provider = providers.computeIfAbsent(vip.managerType(), maker);
                Call look = new Call(Call.Kind.STATE, vip.vip(), vip.trigger());
                asked.add(vip);
                tasks.add(() -> provider.state(look).outcome());
            } else {
                findings.add(
                        Finding.unseen(
                                Item.PROVIDER,
                                vip.label() + ": not looked at, as requests are few in an hour",
                                "look at it in the provider's pages"));
            }
        }
        List<Optional<Answer.Outcome>> told = inquiries.sideBySide(deadline, tasks);
        providers.values().forEach(Provider::close);
        for (int i = 0; i < asked.size(); i++) {
            VipConfig vip = asked.get(i);
            findings.add(
                    told.get(i).map(outcome -> finding(vip, outcome)).orElseGet(() -> silent(vip)));
        }
        return findings;
    }

    private Finding finding(VipConfig vip, Answer.Outcome outcome) {
        Optional<Boolean> leads =
                Optional.ofNullable(keys.get(vip.trigger().key()))
                        .map(key -> key.value().equals(Optional.of(vip.trigger().value())));
        return switch (outcome) {
            case Answer.Here() -> here(vip, leads.orElse(true));
            case Answer.Elsewhere(String where) -> elsewhere(vip, where, leads.orElse(false));
            case Answer.Switching(String what, Duration _) ->
                    Finding.unseen(
                            Item.PROVIDER,
                            vip.label() + ": a switch is under way: " + what,
                            "call it again in a minute");
            case Answer.Failed(String trouble, Duration _, boolean needsAPerson) ->
                    needsAPerson
                            ? Finding.error(
                                    Item.PROVIDER, vip.label() + ": " + trouble, remedy(vip))
                            : Finding.warning(
                                    Item.PROVIDER,
                                    vip.label() + ": " + trouble,
                                    "the daemon tries again by itself; look at the provider's status page"
                                            + " when it lasts");
        };
    }

    private static Finding here(VipConfig vip, boolean leads) {
        String found = vip.label() + " is routed to this host";
        return leads
                ? Finding.good(Item.PROVIDER, found)
                : Finding.warning(
                        Item.PROVIDER,
                        found + ", which does not lead",
                        "the leader's daemon should have it routed there: look at its log");
    }

    private static Finding elsewhere(VipConfig vip, String where, boolean leads) {
        String found = vip.label() + " is routed to " + where;
        return leads
                ? Finding.error(
                        Item.PROVIDER,
                        found + ", and this host leads",
                        "does the daemon run here? Its log says what the provider answers")
                : Finding.good(Item.PROVIDER, found);
    }

    private static Finding silent(VipConfig vip) {
        return Finding.warning(
                Item.PROVIDER,
                "%s: no answer of the provider within %d s"
                        .formatted(vip.label(), LONGEST.toSeconds()),
                "is the way there open (https_proxy, a firewall)? The daemon tries again by itself");
    }

    private static String remedy(VipConfig vip) {
        return switch (vip.managerType()) {
            case HETZNER ->
                    "look at hetzner-credentials-file, at hetzner-server-ip, and at the failover IP in"
                            + " the Robot";
            case HETZNER_CLOUD ->
                    "look at the token, at hetzner-cloud-server-id, and at the address in the console";
            case COMMAND, BASIC ->
                    "call provider-command by hand as the daemon's user, with state and the variables of"
                            + " docs/providers.md";
        };
    }
}
