package org.vipmanager.config;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A password or token that no log line and no message shows.
 *
 * @param text the secret itself, as it was when the configuration was read
 * @param file the file that held it, if it can be read again
 */
public record Secret(String text, Optional<SecretFile> file) {

    /** What is shown instead of a secret. */
    public static final String MASK = "*****";

    Secret(String text) {
        this(text, Optional.empty());
    }

    /**
     * The secret as it is whenever it is asked for, on a thread that may block. Ask only where it
     * is sent.
     */
    public Supplier<String> current() {
        return file.<Supplier<String>>map(named -> new RotatedSecret(named, text))
                .orElse(() -> text);
    }

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
