package org.vipmanager.config;

import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.Trigger;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads what makes this host the leader. */
final class TriggerReader {

    private static final String PATRONI_KEY = "/leader";
    private static final String PATRONI_VALUE = "200";

    private final Values values;
    private final DcsType dcsType;
    private final Supplier<String> hostName;

    /**
     * @param hostName asked only when no value was written
     */
    TriggerReader(Values values, DcsType dcsType, Supplier<String> hostName) {
        this.values = values;
        this.dcsType = dcsType;
        this.hostName = hostName;
    }

    /** Empty when something is wrong with it; the mistakes have been told. */
    Optional<Trigger> read() {
        Optional<String> key = dcsType == DcsType.PATRONI ? path() : key();
        Optional<String> value = value();
        return key.isEmpty() || value.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trigger(key.get(), value.get()));
    }

    private Optional<String> key() {
        Optional<Given> given = values.find(Settings.TRIGGER_KEY);
        if (given.isEmpty()) {
            values.missing(
                    Settings.TRIGGER_KEY,
                    "nothing says who leads",
                    "give Patroni's leader key, such as trigger-key: /service/pgcluster/leader");
            return Optional.empty();
        }
        String key = given.get().text();
        if (!key.equals(key.strip())) {
            oddSpaces(Settings.TRIGGER_KEY, given.get());
        }
        if (dcsType == DcsType.ETCD && !key.strip().startsWith("/")) {
            values.findings()
                    .warn(
                            "%s (%s): \"%s\" does not begin with /, as Patroni's keys in etcd do"
                                    .formatted(
                                            values.nameOf(Settings.TRIGGER_KEY),
                                            given.get().source(),
                                            Mistake.shown(key)));
        }
        if (Trigger.isRestPath(key.strip())) {
            warn(
                    given.get(),
                    "is a path of Patroni's REST API, where dcs-type %s needs the leader key, such as"
                                    .formatted(dcsType.name().toLowerCase(Locale.ROOT))
                            + " /service/pgcluster/leader");
        }
        return Optional.of(key);
    }

    private void warn(Given key, String odd) {
        values.findings()
                .warn(
                        "%s (%s): \"%s\" %s"
                                .formatted(
                                        values.nameOf(Settings.TRIGGER_KEY),
                                        key.source(),
                                        Mistake.shown(key.text().strip()),
                                        odd));
    }

    private Optional<String> path() {
        Optional<Given> given = values.find(Settings.TRIGGER_KEY);
        if (given.isEmpty()) {
            return Optional.of(PATRONI_KEY);
        }
        String text = given.get().text().strip();
        String path = text.startsWith("/") ? text : "/" + text;
        try {
            URI uri = URI.create("http://patroni" + path);
            if (uri.getRawFragment() == null && !path.startsWith("//")) {
                if (PatroniMember.isLeaderKey(path) && !Trigger.isRestPath(path)) {
                    warn(
                            given.get(),
                            "looks like a leader key of etcd or Consul, where dcs-type patroni needs a"
                                    + " path of Patroni's REST API, such as /leader");
                }
                return Optional.of(path);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        values.wrong(
                Settings.TRIGGER_KEY,
                given.get(),
                "is not a valid path of Patroni's REST API",
                "write one such as /leader or /replica?lag=1MB");
        return Optional.empty();
    }

    private Optional<String> value() {
        Optional<Given> given = values.find(Settings.TRIGGER_VALUE);
        if (dcsType == DcsType.PATRONI) {
            return given.isEmpty() ? Optional.of(PATRONI_VALUE) : status(given.get());
        }
        if (given.isPresent()) {
            String value = given.get().text();
            if (!value.equals(value.strip())) {
                oddSpaces(Settings.TRIGGER_VALUE, given.get());
            }
            return Optional.of(value);
        }
        String name = hostName.get();
        if (name.isEmpty()) {
            values.missing(
                    Settings.TRIGGER_VALUE,
                    "and this host has no name to use instead",
                    "give the name in Patroni's configuration");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private Optional<String> status(Given given) {
        String text = given.text().strip();
        boolean isStatus = text.length() == 3 && text.charAt(0) >= '1' && text.charAt(0) <= '5';
        for (int i = 0; i < text.length(); i++) {
            isStatus &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!isStatus) {
            values.wrong(
                    Settings.TRIGGER_VALUE,
                    given,
                    "is not an HTTP status, which is what dcs-type patroni compares",
                    "write 200, or leave it out");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private void oddSpaces(Setting setting, Given given) {
        values.findings()
                .warn(
                        "%s (%s): \"%s\" begins or ends with a space, which is part of it"
                                .formatted(
                                        values.nameOf(setting),
                                        given.source(),
                                        Mistake.shown(given.text())));
    }
}
