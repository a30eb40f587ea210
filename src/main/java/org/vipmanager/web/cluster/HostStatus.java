package org.vipmanager.web.cluster;

import org.vipmanager.http.BoundedJson;
import org.vipmanager.status.StatusDocument;
import org.vipmanager.status.StatusValue;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one daemon says of itself and its addresses. Immutable, and as small as is shown of it: it
 * may come from another version, or from nobody's daemon at all.
 *
 * @param name of the host
 * @param identity no two daemons have the same
 */
public record HostStatus(
        String name,
        String version,
        String identity,
        Dcs dcs,
        List<Address> addresses,
        List<Event> events) {

    /** So much of a document is looked at: about five hundred addresses with all that is told. */
    private static final int MOST_VALUES = 25_000;

    private static final int MOST_EVENTS = 50;
    private static final int MOST_SENTENCES = 8;

    /**
     * The DCS as this host sees it.
     *
     * @param endpoint which answered last, or all of them
     * @param answeredAgo seconds
     * @param latency seconds
     */
    public record Dcs(
            String type, String endpoint, OptionalDouble answeredAgo, OptionalDouble latency) {}

    /**
     * One address on this host.
     *
     * @param address without a prefix length
     * @param shown with it, and with the interface
     * @param present whether the kernel has it on any interface, as far as that is known
     * @param since seconds
     * @param trust for how many seconds no other host can lead
     * @param kernel after how many seconds the kernel removes it
     */
    public record Address(
            String address,
            String shown,
            String state,
            Optional<Boolean> present,
            boolean leads,
            String key,
            String leader,
            String trouble,
            OptionalDouble since,
            OptionalDouble trust,
            OptionalDouble kernel,
            List<String> why) {

        /** Whether this host answers for the address, whether it should or not. */
        public boolean isHeld() {
            return isMeant() || present.orElse(false);
        }

        /** Whether the daemon wants it here, and has it. */
        public boolean isMeant() {
            return state.equals("holding") || isInDoubt();
        }

        public boolean isInDoubt() {
            return state.equals("in doubt");
        }
    }

    /**
     * Something that was told.
     *
     * @param time as the host's own calendar has it; long ago where it is not known
     */
    public record Event(
            Instant time, String address, String reason, boolean isWarning, String text) {}

    /**
     * Reads a status document.
     *
     * @throws IOException with a sentence about what is wrong with it
     */
    static HostStatus of(String document) throws IOException {
        StatusValue value;
        try {
            value = StatusValue.of(BoundedJson.read(document, MOST_VALUES));
        } catch (IOException malformed) {
            throw new IOException("its answer is no status of a vip-manager", malformed);
        }
        if (!value.text("error").isEmpty()) {
            throw new IOException(value.text("error"));
        }
        OptionalDouble schema = value.number("schema");
        if (schema.isEmpty() || !value.has("daemon")) {
            throw new IOException("its answer is no status of a vip-manager");
        }
        if (schema.getAsDouble() > StatusDocument.SCHEMA) {
            throw new IOException(
                    "its status is in the form of a newer version (schema "
                            + value.text("schema")
                            + ")");
        }
        return of(value);
    }

    private static HostStatus of(StatusValue value) {
        StatusValue daemon = value.object("daemon");
        StatusValue dcs = value.object("dcs");
        String endpoint = dcs.text("endpoint");
        List<StatusValue> events = value.objects("events");
        return new HostStatus(
                daemon.text("host"),
                daemon.text("version"),
                String.join(" ", daemon.text("host"), daemon.text("pid"), daemon.text("started")),
                new Dcs(
                        dcs.text("type"),
                        endpoint.isEmpty() ? String.join(", ", dcs.texts("endpoints")) : endpoint,
                        dcs.number("answered_seconds_ago"),
                        dcs.number("latency_seconds")),
                value.objects("addresses").stream().map(HostStatus::address).toList(),
                events.stream()
                        .skip(Math.max(0, events.size() - MOST_EVENTS))
                        .map(HostStatus::event)
                        .toList());
    }

    private static Address address(StatusValue value) {
        String cidr = value.text("address");
        String on = value.text("interface");
        return new Address(
                withoutPrefix(cidr),
                on.isEmpty() ? cidr : cidr + " on " + on,
                value.text("state"),
                value.truth("present"),
                value.truth("leads").orElse(false),
                value.text("trigger_key"),
                value.text("holder"),
                value.text("trouble"),
                value.number("since_seconds_ago"),
                value.object("trust").number("seconds_left"),
                value.number("kernel_seconds_left"),
                value.texts("why").stream().limit(MOST_SENTENCES).toList());
    }

    private static Event event(StatusValue value) {
        return new Event(
                time(value.text("time")),
                withoutPrefix(value.text("address")),
                value.text("reason"),
                value.text("level").equals("warning"),
                value.text("text"));
    }

    private static Instant time(String written) {
        try {
            return Instant.parse(written);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    private static String withoutPrefix(String cidr) {
        int slash = cidr.indexOf('/');
        return slash < 0 ? cidr : cidr.substring(0, slash);
    }
}
