package org.vipmanager.dcs.patroni;

import org.vipmanager.http.BoundedJson;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code /patroni} says, and {@code /leader} with it: which member it is, and how it stands to
 * its failsafe mode.
 *
 * @param scope {@code patroni.scope}
 * @param name {@code patroni.name}; Patroni 3.0 does not tell it
 * @param failsafeActive {@code failsafe_mode_is_active}
 * @param running PostgreSQL runs; while Patroni demotes it, {@code /leader} still answers 200
 * @param paused a paused Patroni never enters failsafe mode
 */
record PatroniStatus(
        Optional<String> scope,
        Optional<String> name,
        boolean failsafeActive,
        boolean running,
        boolean paused) {

    /** The words that Patroni takes for true (parse_bool in its utils.py). */
    private static final Set<String> TRUE = Set.of("true", "on", "yes", "1");

    /** Anything but a plain {@code true} is no failsafe mode. */
    static PatroniStatus of(String body) {
        Map<?, ?> status = BoundedJson.object(body);
        Map<?, ?> member = status.get("patroni") instanceof Map<?, ?> told ? told : Map.of();
        return new PatroniStatus(
                BoundedJson.text(member.get("scope")),
                BoundedJson.text(member.get("name")),
                Boolean.TRUE.equals(status.get("failsafe_mode_is_active")),
                "running".equals(status.get("state")),
                status.get("pause") != null && !Boolean.FALSE.equals(status.get("pause")));
    }

    boolean isSameMemberAs(PatroniStatus other) {
        return scope.equals(other.scope) && name.equals(other.name);
    }

    /** It would, if it is configured and the DCS is lost. */
    boolean mayEnterFailsafe() {
        return running && !paused;
    }

    /** Whether that answer to {@code /config} has {@code failsafe_mode} switched on. */
    static boolean hasFailsafeMode(String body) {
        Object mode = BoundedJson.object(body).get("failsafe_mode");
        return mode != null && TRUE.contains(mode.toString().toLowerCase(Locale.ROOT));
    }
}
