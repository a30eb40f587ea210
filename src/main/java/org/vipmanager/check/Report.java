package org.vipmanager.check;

import org.vipmanager.ExitCode;
import org.vipmanager.config.Effective;
import org.vipmanager.config.Mistake;
import org.vipmanager.log.Printable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that a check has found, in the order of the items.
 *
 * @param settings the settings in effect
 */
public record Report(List<Effective> settings, List<Finding> findings) {

    private static final int LONGEST_LINE = 8000;
    private static final String SIGN = "%-9s";
    private static final String ITEM = "%-12s";

    public Report {
        settings = List.copyOf(settings);
        findings = findings.stream().sorted(Comparator.comparing(Finding::item)).toList();
    }

    /** Of a configuration that cannot be used: nothing else is looked at then. */
    public static Report refused(List<Mistake> mistakes, List<String> warnings) {
        List<Finding> findings = new ArrayList<>();
        for (Mistake mistake : mistakes) {
            String message = mistake.message();
            String found = message.substring(0, message.length() - mistake.remedy().length() - 2);
            findings.add(Finding.error(Item.SETTINGS, found, mistake.remedy()));
        }
        for (String warning : warnings) {
            findings.add(new Finding(Sign.WARNING, Item.SETTINGS, warning, Optional.empty()));
        }
        return new Report(List.of(), findings);
    }

    /** 0 when all is well, 1 with warnings, 2 with errors. */
    public ExitCode exitCode() {
        if (count(Sign.ERROR) > 0) {
            return ExitCode.CONFIGURATION;
        }
        return count(Sign.WARNING) > 0 ? ExitCode.FAILED : ExitCode.STOPPED_ON_REQUEST;
    }

    /**
     * For people: the settings, a line for each finding, and one below it for its remedy.
     *
     * @param colours whether signs are coloured
     */
    public String text(boolean colours) {
        StringBuilder text = new StringBuilder();
        for (Effective setting : settings) {
            append(text, setting.toString());
        }
        text.append('\n');
        for (Finding finding : findings) {
            text.append(sign(finding.sign(), colours));
            append(text, ITEM.formatted(finding.item().word()) + finding.found());
            finding.remedy()
                    .ifPresent(
                            remedy ->
                                    append(
                                            text,
                                            SIGN.formatted("") + ITEM.formatted("  do:") + remedy));
        }
        return text.append('\n').append(summary()).append('\n').toString();
    }

    /** For programs: one JSON object, whose form docs/check.md describes. */
    public String json() {
        return JsonReport.of(this);
    }

    private String summary() {
        long errors = count(Sign.ERROR);
        long warnings = count(Sign.WARNING);
        long unseen = count(Sign.UNSEEN);
        String rest = unseen == 0 ? "" : ", " + unseen + " not looked at";
        return errors == 0 && warnings == 0
                ? "All is well" + rest + "."
                : errors
                        + (errors == 1 ? " error, " : " errors, ")
                        + warnings
                        + (warnings == 1 ? " warning" : " warnings")
                        + rest
                        + ".";
    }

    long count(Sign sign) {
        return findings.stream().filter(finding -> finding.sign() == sign).count();
    }

    private static String sign(Sign sign, boolean colours) {
        String word = SIGN.formatted(sign.word());
        if (!colours) {
            return word;
        }
        String colour =
                switch (sign) {
                    case GOOD -> "32";
                    case UNSEEN -> "36";
                    case WARNING -> "33";
                    case ERROR -> "31";
                };
        return "\u001b[" + colour + "m" + word + "\u001b[0m";
    }

    private static void append(StringBuilder text, String line) {
        text.append(Printable.line(line, LONGEST_LINE)).append('\n');
    }
}
