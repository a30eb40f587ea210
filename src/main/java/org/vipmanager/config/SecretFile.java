package org.vipmanager.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file that holds a secret and nothing else.
 *
 * @param setting the name of the setting that names it
 */
record SecretFile(String setting, Path path, Disk disk) {

    /** No secret is longer, in bytes. */
    static final int LARGEST = 64 * 1024;

    /** The file holds no secret that could be used. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1;

        private final String remedy;

        private UnusableException(String problem, String remedy) {
            super(problem);
            this.remedy = remedy;
        }

        /** What is the matter with the file, as the rest of a sentence about it. */
        String problem() {
            return String.valueOf(getMessage());
        }

        String remedy() {
            return remedy;
        }
    }

    /** Reads the secret, without the line break at its end; blocks while it does. */
    String read() throws UnusableException {
        String secret = withoutLineBreak(new String(content(), StandardCharsets.UTF_8));
        if (secret.isBlank()) {
            throw new UnusableException("is an empty file", "write the secret into it");
        }
        if (secret.indexOf('\n') >= 0) {
            throw new UnusableException(
                    "has more than one line", "write nothing but the secret into it");
        }
        return secret;
    }

    /** Whether it can be read more than once, which a pipe cannot. */
    boolean isLasting() {
        return disk.isRegular(path);
    }

    private byte[] content() throws UnusableException {
        byte[] content;
        try {
            content = disk.read(path, LARGEST + 1);
        } catch (IOException e) {
            throw new UnusableException(
                    ConfigFile.trouble(path, e), "name a file that this user can read");
        }
        if (content.length > LARGEST) {
            throw new UnusableException("is too large for what it should hold", "name another");
        }
        return content;
    }

    private static String withoutLineBreak(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }

    @Override
    public String toString() {
        return setting + ": " + path;
    }
}
