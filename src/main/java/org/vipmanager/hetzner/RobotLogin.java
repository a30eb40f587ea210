package org.vipmanager.hetzner;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * User and password of the Robot's web service.
 *
 * @param password never shown
 */
public record RobotLogin(String user, String password) {

    /**
     * Reads the known format: lines {@code user="..."} and {@code pass="..."} in any order, quotes
     * optional, comments behind a number sign at the line's beginning. Empty when one is missing.
     */
    public static Optional<RobotLogin> parse(String text) {
        String user = "";
        String password = "";
        for (String line : text.replace("\ufeff", "").split("\\R")) {
            int equals = line.indexOf('=');
            if (equals < 0 || line.stripLeading().startsWith("#")) {
                continue;
            }
            String value = unquoted(line.substring(equals + 1).strip());
            switch (line.substring(0, equals).strip()) {
                case "user" -> user = value;
                case "pass" -> password = value;
                default -> {}
            }
        }
        return user.isEmpty() || password.isEmpty()
                ? Optional.empty()
                : Optional.of(new RobotLogin(user, password));
    }

    private static String unquoted(String value) {
        boolean quoted =
                value.length() >= 2
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                        && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** RFC 7617. */
    String authorization() {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
        return user + ":*****";
    }
}
