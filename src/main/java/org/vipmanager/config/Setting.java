package org.vipmanager.config;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * One row of the table of settings.
 *
 * @param name in the file; as a flag with two dashes before it
 * @param kind the form of its value
 * @param group what it belongs to
 * @param defaultText the value that holds when nobody wrote one; empty for none
 * @param defaultNote says what holds then, where that is not one text; else empty
 * @param example a value for the sample file
 * @param choices the words it may have; empty when it is no choice
 * @param oldNames what earlier versions called it
 * @param help one or two sentences for {@code --help}, the documentation and the sample file
 */
public record Setting(
        String name,
        Kind kind,
        Group group,
        String defaultText,
        String defaultNote,
        String example,
        List<String> choices,
        List<String> oldNames,
        String help) {

    /** What the names of all variables begin with. */
    public static final String VARIABLE_PREFIX = "VIP_";

    static Setting of(String name, Kind kind, Group group, String help) {
        return new Setting(name, kind, group, "", "", "", List.of(), List.of(), help);
    }

    Setting byDefault(String text) {
        return new Setting(name, kind, group, text, defaultNote, example, choices, oldNames, help);
    }

    Setting byDefaultNoted(String note) {
        return new Setting(name, kind, group, defaultText, note, example, choices, oldNames, help);
    }

    Setting example(String value) {
        return new Setting(
                name, kind, group, defaultText, defaultNote, value, choices, oldNames, help);
    }

    Setting choices(String... words) {
        List<String> all = List.of(words);
        return new Setting(
                name, kind, group, defaultText, defaultNote, example, all, oldNames, help);
    }

    Setting formerly(String... names) {
        List<String> old = List.of(names);
        return new Setting(
                name, kind, group, defaultText, defaultNote, example, choices, old, help);
    }

    /** There is one row for each name. What a record has of its own costs 30 ms at first use. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    public String flag() {
        return "--" + name;
    }

    public String variable() {
        return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    public boolean isSecret() {
        return kind == Kind.SECRET;
    }

    /** What the help writes behind the flag, with what must stand between. */
    public String behindFlag() {
        if (kind == Kind.SWITCH) {
            return "[=" + kind.placeholder() + "]";
        }
        return " " + (choices.isEmpty() ? kind.placeholder() : String.join("|", choices));
    }

    /** What holds when nobody wrote it, for people; empty when nothing does. */
    public String defaultForPeople() {
        return defaultNote.isEmpty() ? defaultText : defaultNote;
    }
}
