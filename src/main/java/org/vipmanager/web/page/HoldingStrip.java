package org.vipmanager.web.page;

import org.vipmanager.web.cluster.Cluster;
import org.vipmanager.web.cluster.HostStatus;
import org.vipmanager.web.cluster.SharedAddress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which host had an address when, as bars on a line for each host: what the last events tell of it,
 * and how it is now.
 */
final class HoldingStrip {

    private static final int MOST_ADDRESSES = 4;
    private static final int WIDTH = 1000;

    /** So that what lasted a moment can be seen. */
    private static final long NARROWEST = 3;

    private static final List<Duration> WINDOWS =
            List.of(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofHours(1),
                    Duration.ofHours(6),
                    Duration.ofDays(1),
                    Duration.ofDays(7));

    private final Html html;
    private final Cluster cluster;
    private final Instant now;

    private record Span(Instant from, Instant to, boolean isOpen) {}

    private record Lane(String host, List<Span> spans) {}

    HoldingStrip(Html html, Cluster cluster, Instant now) {
        this.html = html;
        this.cluster = cluster;
        this.now = now;
    }

    void add() {
        html.add("<section aria-labelledby=\"strip\"><h2 id=\"strip\">Who had it when</h2>\n");
        for (SharedAddress address : cluster.addresses().stream().limit(MOST_ADDRESSES).toList()) {
            add(address);
        }
        html.add("</section>\n");
    }

    private void add(SharedAddress address) {
        List<Lane> lanes = address.hosts().stream().map(this::lane).toList();
        Duration window = window(lanes);
        html.add("<figure class=\"strip\"><figcaption>$</figcaption>\n", address.address());
        for (Lane lane : lanes) {
            html.add(
                    "<div class=\"lane\"><span>$</span><svg viewBox=\"0 0 1000 10\""
                            + " preserveAspectRatio=\"none\" role=\"img\" aria-label=\"$\">"
                            + "<rect class=\"all\" width=\"1000\" height=\"10\"/>",
                    lane.host(),
                    words(lane));
            for (Span span : lane.spans()) {
                long from = place(span.from(), window);
                long to = Math.min(WIDTH, Math.max(place(span.to(), window), from + NARROWEST));
                if (to > 0 && from < WIDTH) {
                    html.add(
                            "<rect class=\"$\" x=\"$\" width=\"$\" height=\"10\"/>",
                            span.isOpen() ? "now" : "was",
                            from,
                            to - from);
                }
            }
            html.add("</svg></div>\n");
        }
        html.add(
                "<div class=\"scale\" aria-hidden=\"true\"><span>$ ago</span><span>now</span></div></figure>\n",
                Spans.round(window));
    }

    private Lane lane(SharedAddress.OnHost on) {
        List<Span> spans = new ArrayList<>();
        Instant since = null;
        List<HostStatus.Event> events =
                on.host().status().map(HostStatus::events).orElse(List.of());
        for (HostStatus.Event event : events) {
            if (!event.address().equals(on.address().address())) {
                continue;
            }
            if (event.reason().equals("TookOver")) {
                since = event.time();
            } else if (since != null && event.text().startsWith("released ")) {
                spans.add(new Span(since, event.time(), false));
                since = null;
            }
        }
        if (on.address().isHeld()) {
            Instant from = since == null ? sinceItIsSo(on.address()) : since;
            spans.add(new Span(from, now, true));
        }
        return new Lane(on.host().name(), spans);
    }

    private Instant sinceItIsSo(HostStatus.Address address) {
        double seconds = address.isMeant() ? address.since().orElse(0) : 0;
        return now.minusMillis(Math.round(Math.min(seconds, 1e9) * 1000));
    }

    /** The shortest one in which all of it lies, but no longer than the longest one. */
    private Duration window(List<Lane> lanes) {
        Instant first =
                lanes.stream()
                        .flatMap(lane -> lane.spans().stream())
                        .flatMap(span -> Stream.of(span.from(), span.isOpen() ? now : span.to()))
                        .min(Instant::compareTo)
                        .orElse(now);
        return WINDOWS.stream()
                .filter(window -> first.isAfter(now.minus(window)))
                .findFirst()
                .orElse(WINDOWS.getLast());
    }

    private long place(Instant time, Duration window) {
        Instant begin = now.minus(window);
        if (time.isBefore(begin)) {
            return 0;
        }
        if (time.isAfter(now)) {
            return WIDTH; // another host's clock, which may say anything
        }
        return Math.min(
                WIDTH, Duration.between(begin, time).toMillis() * WIDTH / window.toMillis());
    }

    private static String words(Lane lane) {
        if (lane.spans().isEmpty()) {
            return lane.host() + " did not have it";
        }
        StringBuilder words = new StringBuilder(lane.host()).append(" had it");
        lane.spans().stream()
                .skip(Math.max(0, lane.spans().size() - 5))
                .forEach(
                        span ->
                                words.append(" from ")
                                        .append(Spans.clock(span.from()), 0, 8)
                                        .append(" to ")
                                        .append(
                                                span.isOpen()
                                                        ? "now"
                                                        : Spans.clock(span.to()).substring(0, 8))
                                        .append(','));
        words.setLength(words.length() - 1);
        return words.toString();
    }
}
