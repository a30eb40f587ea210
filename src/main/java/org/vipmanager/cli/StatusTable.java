package org.vipmanager.cli;

import org.vipmanager.status.StatusValue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** A status document for people, in the form of {@code patronictl list}. */
final class StatusTable {

    private static final List<String> HEADS =
            List.of(
                    "Address",
                    "Interface",
                    "State",
                    "Since",
                    "Leader",
                    "Trust",
                    "Kernel",
                    "Announced",
                    "Claimed");

    private final StatusValue document;
    private final Terminal terminal;
    private final StringBuilder text = new StringBuilder();

    StatusTable(StatusValue document, Terminal terminal) {
        this.document = document;
        this.terminal = terminal;
    }

    String whole() {
        List<StatusValue> addresses = document.objects("addresses");
        List<List<String>> rows = new ArrayList<>();
        addresses.forEach(address -> rows.add(row(address)));
        table(rows, addresses);
        dcs();
        troubles(addresses);
        events(document.objects("events"));
        return text.toString();
    }

    /** Why one address is here or not; empty where there is no such address. */
    Optional<String> why(String address) {
        for (StatusValue known : document.objects("addresses")) {
            String cidr = known.text("address");
            if (cidr.equals(address) || cidr.startsWith(address + "/")) {
                known.texts("why").stream().filter(text -> !text.isEmpty()).forEach(this::sentence);
                StatusValue last = known.object("last_event");
                if (last.has("text")) {
                    sentence("last, at " + clock(last) + ": " + last.text("text"));
                }
                return Optional.of(text.toString());
            }
        }
        return Optional.empty();
    }

    private static List<String> row(StatusValue address) {
        StatusValue announced = address.object("announcements");
        StatusValue claim = address.object("last_claim");
        return List.of(
                address.text("address"),
                address.text("interface"),
                address.text("state"),
                span(address.number("since_seconds_ago")),
                address.text("holder"),
                span(address.object("trust").number("seconds_left")),
                span(address.number("kernel_seconds_left")),
                announced.has("sent")
                        ? announced.text("sent")
                                + "x, "
                                + span(announced.number("last_seconds_ago"))
                                + " ago"
                        : "",
                claim.has("station") ? span(claim.number("seconds_ago")) + " ago" : "");
    }

    private void table(List<List<String>> rows, List<StatusValue> addresses) {
        int[] widths = new int[HEADS.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = HEADS.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        StatusValue daemon = document.object("daemon");
        String title =
                " vip-manager %s on %s, process %s "
                        .formatted(daemon.text("version"), daemon.text("host"), daemon.text("pid"));
        String rule = rule(widths);
        int room = Math.max(0, rule.length() - title.length() - 3);
        line("+" + title + "-".repeat(room) + (room == 0 ? "" : "-+"));
        cells(HEADS, widths, HEADS.get(0), false);
        line(rule);
        for (int i = 0; i < rows.size(); i++) {
            cells(rows.get(i), widths, addresses.get(i).text("state"), true);
        }
        line(rule);
    }

    private static String rule(int[] widths) {
        StringBuilder rule = new StringBuilder("+");
        for (int width : widths) {
            rule.append("-".repeat(width + 2)).append('+');
        }
        return rule.toString();
    }

    private void cells(List<String> cells, int[] widths, String state, boolean coloured) {
        text.append('|');
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String padded = cell + " ".repeat(widths[column] - width(cell));
            boolean isState = coloured && HEADS.get(column).equals("State");
            text.append(' ').append(isState ? colour(state, padded) : padded).append(" |");
        }
        text.append('\n');
    }

    private String colour(String state, String padded) {
        return switch (state) {
            case "holding" -> terminal.green(padded);
            case "in doubt", "waiting" -> terminal.yellow(padded);
            case "not there" -> terminal.red(padded);
            default -> padded;
        };
    }

    private void dcs() {
        StatusValue dcs = document.object("dcs");
        if (dcs.has("latency_seconds")) {
            line(
                    "%s: %s answered %s ago, in %s ms"
                            .formatted(
                                    dcs.text("type"),
                                    dcs.has("endpoint") ? dcs.text("endpoint") : "it",
                                    span(dcs.number("answered_seconds_ago")),
                                    millis(dcs.number("latency_seconds"))));
        } else {
            line(
                    dcs.text("type")
                            + ": no answer yet from "
                            + String.join(", ", dcs.texts("endpoints")));
        }
    }

    private void troubles(List<StatusValue> addresses) {
        addresses.stream()
                .map(address -> address.text("trouble"))
                .filter(trouble -> !trouble.isEmpty())
                .distinct()
                .limit(10)
                .forEach(trouble -> line(terminal.yellow("trouble: " + trouble)));
    }

    private void events(List<StatusValue> events) {
        if (events.isEmpty()) {
            return;
        }
        line("");
        line(terminal.bold("Last events:"));
        for (StatusValue event : events) {
            String sentence = event.text("text");
            boolean isWarning = event.text("level").equals("warning");
            line(clock(event) + " " + (isWarning ? terminal.yellow(sentence) : sentence));
        }
    }

    /** As the log writes it, without the fraction. */
    private static String clock(StatusValue event) {
        String time = event.text("time");
        int fraction = time.indexOf('.');
        return fraction < 0 ? time : time.substring(0, fraction) + "Z";
    }

    private static String span(OptionalDouble seconds) {
        if (seconds.isEmpty()) {
            return "";
        }
        double all = seconds.getAsDouble();
        long whole = Math.round(all);
        if (all < 60) {
            return String.format(Locale.ROOT, "%.1f s", all);
        }
        if (whole < 3600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        return whole < 86_400
                ? whole / 3600 + " h " + whole % 3600 / 60 + " min"
                : whole / 86_400 + " d " + whole % 86_400 / 3600 + " h";
    }

    private static String millis(OptionalDouble seconds) {
        return Long.toString(Math.round(seconds.orElse(0) * 1000));
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private void sentence(String sentence) {
        boolean isEnded = sentence.endsWith("?") || sentence.endsWith(".");
        line(
                sentence.substring(0, 1).toUpperCase(Locale.ROOT)
                        + sentence.substring(1)
                        + (isEnded ? "" : "."));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
