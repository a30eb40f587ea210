package org.vipmanager.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;

import org.vipmanager.control.DcsAnswer;
import org.vipmanager.core.AnnouncementSchedule;
import org.vipmanager.core.Leadership;
import org.vipmanager.core.Moment;
import org.vipmanager.core.Placement;
import org.vipmanager.core.Sighting;
import org.vipmanager.core.Trust;
import org.vipmanager.core.VipState;
import org.vipmanager.core.VipState.Phase;
import org.vipmanager.log.Printable;
import org.vipmanager.report.WhyText;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A snapshot as JSON; docs/status.md describes it. Written piece by piece, so that two thousand
 * addresses take no more memory than one.
 *
 * <p>It holds no secrets. What comes from the DCS is bounded and {@link Printable}.
 */
public final class StatusDocument {

    /** Grows when a reader of the one before would misunderstand. */
    public static final int SCHEMA = 1;

    private static final int LONGEST_TEXT = 8000;
    private static final int LONGEST_VALUE = 200;

    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    /** Which daemon this is, and since when it runs. */
    public record Daemon(String version, String host, long pid, Instant started) {}

    private final StatusSnapshot snapshot;
    private final KernelAddresses kernel;
    private final JsonGenerator json;

    private StatusDocument(StatusSnapshot snapshot, KernelAddresses kernel, JsonGenerator json) {
        this.snapshot = snapshot;
        this.kernel = kernel;
        this.json = json;
    }

    /**
     * Writes the document and a line break; the stream stays open. Asks the kernel for the
     * addresses of this host, so not on the loop.
     */
    public static void write(Daemon daemon, StatusSnapshot snapshot, OutputStream to)
            throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(to)) {
            new StatusDocument(snapshot, KernelAddresses.now(), json).write(daemon);
            json.writeRaw('\n');
        }
    }

    private void write(Daemon daemon) throws IOException {
        json.writeStartObject();
        json.writeNumberField("schema", SCHEMA);
        json.writeStringField("time", snapshot.time().toString());
        json.writeObjectFieldStart("daemon");
        json.writeStringField("version", daemon.version());
        json.writeStringField("host", daemon.host());
        json.writeNumberField("pid", daemon.pid());
        json.writeStringField("started", daemon.started().toString());
        json.writeEndObject();
        dcs();
        json.writeArrayFieldStart("addresses");
        for (AddressStatus address : snapshot.addresses()) {
            address(address);
        }
        for (RoutedStatus routed : snapshot.routed()) {
            routed(routed);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("events");
        for (ToldReason event : snapshot.events()) {
            json.writeStartObject();
            json.writeStringField("address", event.vip().cidr());
            json.writeStringField("interface", event.vip().interfaceName());
            reason(event);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("counters");
        for (Map.Entry<String, Long> counter : new TreeMap<>(snapshot.counters()).entrySet()) {
            json.writeNumberField(counter.getKey(), counter.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void dcs() throws IOException {
        json.writeObjectFieldStart("dcs");
        json.writeStringField("type", snapshot.dcs().type());
        json.writeArrayFieldStart("endpoints");
        for (URI endpoint : snapshot.dcs().endpoints()) {
            json.writeString(endpoint.toString());
        }
        json.writeEndArray();
        if (snapshot.answer().isPresent()) {
            DcsAnswer answer = snapshot.answer().get();
            json.writeStringField("endpoint", answer.endpoint().toString());
            seconds("latency_seconds", answer.took());
            ago("answered_seconds_ago", answer.at());
        }
        json.writeEndObject();
    }

    private void address(AddressStatus address) throws IOException {
        Leadership leadership = address.state().leadership();
        json.writeStartObject();
        json.writeStringField("address", address.vip().cidr());
        json.writeStringField("interface", address.vip().interfaceName());
        json.writeStringField("state", address.condition().toString());
        json.writeBooleanField("present", kernel.has(address.vip().address()));
        json.writeStringField("since", calendar(address.since()));
        ago("since_seconds_ago", address.since());
        json.writeStringField("trigger_key", address.trigger().key());
        json.writeStringField("trigger_value", text(address.trigger().value()));
        Optional<String> holder = leadership.last().flatMap(Sighting::value);
        if (holder.isPresent()) {
            json.writeStringField("holder", text(holder.get()));
        }
        json.writeBooleanField("leads", leadership.isLeader(address.trigger()));
        ago("read_seconds_ago", leadership.contact().lastReadAsOf());
        Optional<String> trouble = leadership.contact().failure();
        if (trouble.isPresent()) {
            json.writeStringField("trouble", Printable.line(trouble.get(), LONGEST_TEXT));
        }
        trust(leadership.effectiveTrust());
        if (address.state().phase() instanceof Phase.Holding(var placement, var announcements)) {
            placed(placement);
            announced(announcements);
        }
        Optional<VipState.LastClaim> claim = address.state().lastClaim(snapshot.now());
        if (claim.isPresent()) {
            json.writeObjectFieldStart("last_claim");
            json.writeStringField("station", claim.get().station());
            ago("seconds_ago", claim.get().heardAt());
            json.writeBooleanField("ignored", claim.get().ignored());
            json.writeEndObject();
        }
        if (address.last().isPresent()) {
            json.writeObjectFieldStart("last_event");
            reason(address.last().get());
            json.writeEndObject();
        }
        json.writeArrayFieldStart("why");
        WhyText why =
                new WhyText(address.vip(), address.trigger(), address.state(), snapshot.now());
        for (String sentence : why.sentences()) {
            json.writeString(Printable.line(sentence, LONGEST_TEXT));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void routed(RoutedStatus routed) throws IOException {
        json.writeStartObject();
        json.writeStringField("address", routed.name());
        json.writeBooleanField("routed", true);
        json.writeStringField("state", routed.condition());
        json.writeStringField("trigger_key", routed.trigger().key());
        json.writeStringField("trigger_value", text(routed.trigger().value()));
        Optional<String> holder = routed.holder();
        if (holder.isPresent()) {
            json.writeStringField("holder", text(holder.get()));
        }
        json.writeBooleanField("leads", routed.state().isWanted());
        Optional<String> trouble = routed.trouble();
        if (trouble.isPresent()) {
            json.writeStringField("trouble", Printable.line(trouble.get(), LONGEST_TEXT));
        }
        json.writeArrayFieldStart("why");
        json.writeString(Printable.line(routed.why(), LONGEST_TEXT));
        json.writeEndArray();
        json.writeEndObject();
    }

    private void trust(Trust trust) throws IOException {
        if (trust.heldUntil().isAfter(snapshot.now())) {
            json.writeObjectFieldStart("trust");
            json.writeStringField(
                    "basis", trust.basis().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            seconds("seconds_left", snapshot.now().until(trust.heldUntil()));
            json.writeEndObject();
        }
    }

    private void placed(Placement placement) throws IOException {
        Moment end = placement.kernelEnd();
        if (end.isAfter(snapshot.now())) {
            seconds("kernel_seconds_left", snapshot.now().until(end));
        }
    }

    private void announced(AnnouncementSchedule schedule) throws IOException {
        if (schedule.sent() > 0) {
            json.writeObjectFieldStart("announcements");
            json.writeNumberField("sent", schedule.sent());
            ago("last_seconds_ago", schedule.lastAt());
            json.writeEndObject();
        }
    }

    private void reason(ToldReason told) throws IOException {
        json.writeStringField("time", told.time().toString());
        json.writeStringField("level", told.level());
        json.writeStringField("reason", told.name());
        json.writeStringField("text", Printable.line(told.text(), LONGEST_TEXT));
    }

    private static String text(String value) {
        return Printable.line(value, LONGEST_VALUE);
    }

    private String calendar(Moment moment) {
        return snapshot.time().minus(moment.until(snapshot.now())).toString();
    }

    private void ago(String name, Moment moment) throws IOException {
        seconds(name, moment.until(snapshot.now()));
    }

    /** To the millisecond. */
    private void seconds(String name, Duration duration) throws IOException {
        json.writeNumberField(name, Math.round(duration.toNanos() / 1e6) / 1e3);
    }
}
