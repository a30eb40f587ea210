package org.vipmanager.config;

/**
 * A password or token that no log line and no message shows.
 *
 * @param text the secret itself; ask for it only where it is sent
 */
public record Secret(String text) {

    /** What is shown instead of a secret. */
    public static final String MASK = "*****";

    /**
     * A setting's text as messages may show it: of a URL, what stands before an @ is a password.
     */
    static String hidden(Setting setting, String text) {
        boolean isUrl = setting.kind() == Kind.ENDPOINTS || setting.kind() == Kind.URL;
        return setting.isSecret() || isUrl && text.contains("@") ? MASK : text;
    }

    static Given hidden(Setting setting, Given given) {
        return Given.text(hidden(setting, given.text()), given.source());
    }

    @Override
    public String toString() {
        return MASK;
    }
}
