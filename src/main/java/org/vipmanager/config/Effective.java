package org.vipmanager.config;

/**
 * A setting in effect, for the log at start and for {@code check}.
 *
 * @param value secrets masked
 * @param source where it comes from
 */
public record Effective(String setting, String value, Source source) {

    @Override
    public String toString() {
        return setting + ": " + value + " (" + source + ")";
    }
}
