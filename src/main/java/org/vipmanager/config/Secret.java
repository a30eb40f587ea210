package org.vipmanager.config;

/**
 * A password or token that no log line and no message shows.
 *
 * @param text the secret itself; ask for it only where it is sent
 */
public record Secret(String text) {

    /** What is shown instead of a secret. */
    public static final String MASK = "*****";

    @Override
    public String toString() {
        return MASK;
    }
}
