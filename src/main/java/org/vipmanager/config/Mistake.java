package org.vipmanager.config;

import org.vipmanager.log.Printable;

/**
 * Something in the configuration that cannot work, told so that it can be put right.
 *
 * @param setting the setting, such as {@code interval}, or {@code vips[2].ip} in the list
 * @param value as it was written, secrets masked; empty when nothing was
 * @param source where it was written
 * @param problem what is wrong with it
 * @param remedy what would be right
 */
public record Mistake(String setting, String value, Source source, String problem, String remedy) {

    private static final int LONGEST_SHOWN = 80;

    public Mistake {
        value = shown(value);
    }

    /** One line: {@code netmask = "33" (/etc/vip-manager.yml:4): is no ...; write ...}. */
    public String message() {
        StringBuilder line = new StringBuilder(setting);
        if (!(source instanceof Source.Nowhere)) {
            if (!value.isEmpty()) {
                line.append(" = \"").append(value).append('"');
            }
            line.append(" (").append(source).append(')');
        }
        return line.append(": ").append(problem).append("; ").append(remedy).toString();
    }

    @Override
    public String toString() {
        return message();
    }

    /** A value as messages show it: on one line and not endless. */
    static String shown(String value) {
        return shown(value, LONGEST_SHOWN);
    }

    static String shown(String value, int longest) {
        return Printable.line(value, longest);
    }
}
