package org.vipmanager.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The settled values, read in the forms of the table. What has a wrong form becomes a mistake, and
 * the default is used so that the reading can go on.
 */
final class Values {

    private static final Duration LONGEST = Duration.ofDays(1);

    private final Map<Setting, Given> given;
    private final Absences absences;
    private final Findings findings;
    private final String prefix;

    /**
     * @param prefix what messages write before the names, such as {@code vips[2].}
     */
    Values(Map<Setting, Given> given, Absences absences, Findings findings, String prefix) {
        this.given = given;
        this.absences = absences;
        this.findings = findings;
        this.prefix = prefix;
    }

    /**
     * Why settings have no value.
     *
     * @param empties those that were written with nothing behind them
     * @param spoiled those that were written wrongly, which has been told
     * @param isAnythingLost whether a source could not be read, which has been told
     * @param entry where the entry of the list begins that lacks them; nowhere for those at the top
     */
    record Absences(
            Map<Setting, Given> empties,
            Set<Setting> spoiled,
            boolean isAnythingLost,
            Source entry) {}

    Findings findings() {
        return findings;
    }

    /** What messages write before the names. */
    String prefix() {
        return prefix;
    }

    /** The setting's name in messages. */
    String nameOf(Setting setting) {
        return prefix + setting.name();
    }

    /** What somebody wrote; empty when the default holds. */
    Optional<Given> find(Setting setting) {
        return Optional.ofNullable(given.get(setting));
    }

    /** Where it comes from. */
    Source sourceOf(Setting setting) {
        return find(setting).map(Given::source).orElse(new Source.Default());
    }

    /** Forgets a value that another setting beats. */
    void drop(Setting setting) {
        given.remove(setting);
    }

    boolean has(Setting setting) {
        return given.containsKey(setting);
    }

    /** Whether it was written with nothing behind it, and nowhere with something. */
    boolean isLeftEmpty(Setting setting) {
        return !has(setting) && absences.empties().containsKey(setting);
    }

    /** Reports a setting that nobody wrote, or only with nothing behind its name. */
    void missing(Setting setting, String problem, String remedy) {
        if (absences.isAnythingLost() || absences.spoiled().contains(setting)) {
            return;
        }
        Given empty = absences.empties().get(setting);
        if (empty == null) {
            findings.mistake(
                    new Mistake(
                            nameOf(setting),
                            "",
                            absences.entry(),
                            "is not set: " + problem,
                            remedy));
        } else {
            findings.mistake(nameOf(setting), empty, "has no value: " + problem, remedy);
        }
    }

    /** Whether a source could not be read, so that what is missing may stand in it. */
    boolean isAnythingLost() {
        return absences.isAnythingLost();
    }

    void wrong(Setting setting, Given value, String problem, String remedy) {
        Given shown = setting.isSecret() ? value.masked() : value;
        findings.mistake(nameOf(setting), shown, problem, remedy);
    }

    Optional<String> text(Setting setting) {
        return find(setting).map(Given::text);
    }

    /** The word that was chosen, as the table writes it. */
    String choice(Setting setting) {
        Optional<Given> value = find(setting);
        if (value.isPresent()) {
            String word = value.get().text().strip().toLowerCase(Locale.ROOT);
            if (setting.choices().contains(word)) {
                return word;
            }
            wrong(
                    setting,
                    value.get(),
                    "is not a valid choice",
                    "write " + words(setting) + meant(setting, word));
        }
        return setting.defaultText();
    }

    boolean isOn(Setting setting) {
        Optional<Given> value = find(setting);
        String word = value.map(Given::text).orElse(setting.defaultText()).strip();
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on" -> true;
            case "false", "f", "no", "n", "off" -> false;
            default -> {
                OptionalLong number = WrittenNumber.parse(word);
                if (number.isPresent()) {
                    yield number.getAsLong() != 0;
                }
                wrong(
                        setting,
                        value.orElseThrow(),
                        "is neither true nor false",
                        "write true or false");
                yield Boolean.parseBoolean(setting.defaultText());
            }
        };
    }

    int count(Setting setting, int least, int most) {
        Optional<Given> value = find(setting);
        if (value.isPresent()) {
            OptionalLong number = WrittenNumber.parse(value.get().text());
            if (number.isPresent() && number.getAsLong() >= least && number.getAsLong() <= most) {
                return (int) number.getAsLong();
            }
            wrong(
                    setting,
                    value.get(),
                    number.isPresent() ? "is out of range" : "is not a whole number",
                    "write a number from " + least + " to " + most);
        }
        return Integer.parseInt(setting.defaultText());
    }

    /** A number of which every one is taken; those below 1 mean the default. */
    int countOrDefault(Setting setting) {
        Optional<Given> value = find(setting);
        int standard = Integer.parseInt(setting.defaultText());
        if (value.isPresent()) {
            OptionalLong number = WrittenNumber.parse(value.get().text());
            if (number.isPresent()) {
                long most = 1000;
                if (number.getAsLong() <= most) {
                    return number.getAsLong() > 0 ? (int) number.getAsLong() : standard;
                }
                wrong(setting, value.get(), "is out of range", "write a number up to " + most);
            } else {
                wrong(setting, value.get(), "is not a whole number", "write a number, such as 3");
            }
        }
        return standard;
    }

    Duration duration(Setting setting, Duration least) {
        return durationIfGiven(setting, least)
                .orElseGet(() -> WrittenDuration.parse(setting.defaultText()).orElseThrow());
    }

    /** Empty where nobody wrote one, or a wrong one. */
    Optional<Duration> durationIfGiven(Setting setting, Duration least) {
        Optional<Given> value = find(setting);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration = WrittenDuration.parse(value.get().text());
        if (duration.isEmpty()) {
            wrong(
                    setting,
                    value.get(),
                    "is not a valid duration",
                    "write " + WrittenDuration.FORMS);
        } else if (duration.get().compareTo(least) < 0) {
            boolean isZeroOrLess = duration.get().isNegative() || duration.get().isZero();
            wrong(
                    setting,
                    value.get(),
                    duration.get().isNegative()
                            ? "is negative"
                            : isZeroOrLess
                                    ? "is zero"
                                    : "is shorter than " + WrittenDuration.write(least),
                    "write at least "
                            + WrittenDuration.write(least)
                            + ": "
                            + WrittenDuration.FORMS
                            + (isZeroOrLess ? "" : WrittenDuration.meant(value.get().text())));
        } else if (duration.get().compareTo(LONGEST) > 0) {
            wrong(setting, value.get(), "is longer than a day", "write " + WrittenDuration.FORMS);
        } else {
            return duration;
        }
        return Optional.empty();
    }

    Optional<Path> path(Setting setting) {
        Optional<Given> value = find(setting);
        String text = value.map(Given::text).orElse(setting.defaultText()).strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            wrong(setting, value.orElseThrow(), "is not a valid path", "name a file");
            return Optional.empty();
        }
    }

    private static String words(Setting setting) {
        return String.join(", ", setting.choices().subList(0, setting.choices().size() - 1))
                + " or "
                + setting.choices().getLast();
    }

    private static String meant(Setting setting, String word) {
        return Similarity.nearest(word, setting.choices())
                .map(near -> " (is " + near + " meant?)")
                .orElse("");
    }
}
