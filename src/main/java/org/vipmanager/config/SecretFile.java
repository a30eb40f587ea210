package org.vipmanager.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that holds a secret, and nothing else or as the value of one of its lines.
 *
 * @param setting the name of the setting that names it
 * @param line the name before the equals sign of the line that holds it; empty where it is alone
 */
record SecretFile(String setting, Path path, Disk disk, String line) {

    SecretFile(String setting, Path path, Disk disk) {
        this(setting, path, disk, "");
    }

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
        String text = new String(content(), StandardCharsets.UTF_8);
        if (!line.isEmpty()) {
            return valueOfLine(text);
        }
        String secret = withoutLineBreak(text);
        if (secret.isBlank()) {
            throw new UnusableException("is an empty file", "write the secret into it");
        }
        if (secret.indexOf('\n') >= 0) {
            throw new UnusableException(
                    "has more than one line", "write nothing but the secret into it");
        }
        return secret;
    }

    /** Quotes are optional. */
    private String valueOfLine(String text) throws UnusableException {
        Matcher found =
                Pattern.compile("(?m)^\\s*" + line + "\\s*=\\s*([\"']?)([^\\r\\n]+?)\\1\\s*$")
                        .matcher(text.replace("\ufeff", ""));
        if (!found.find()) {
            throw new UnusableException(
                    "has no line " + line + "=\"...\"", "write such a line into it");
        }
        return found.group(2);
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
