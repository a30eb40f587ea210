package org.vipmanager.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * Which build this is.
 *
 * @param number the version
 * @param commit the abbreviated commit; {@code unknown} when built outside of a repository
 * @param date of that commit, UTC
 */
public record Version(String number, String commit, String date) {

    private static final String PROPERTIES = "/org/vipmanager/build.properties";

    /** Reads what the build left. */
    public static Version ofThisBuild() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            // Then it is unknown.
        }
        return new Version(
                build.getProperty("version", "unknown"),
                build.getProperty("commit", "unknown"),
                build.getProperty("date", "unknown"));
    }

    /** The lines that the Go program prints, in its order. */
    String lines() {
        return "version: %s\ncommit:  %s\ndate:    %s\n".formatted(number, commit, date);
    }
}
