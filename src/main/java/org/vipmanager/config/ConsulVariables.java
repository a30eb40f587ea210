package org.vipmanager.config;

import java.util.Map;

/** The variables that Consul's own clients read: they count where none of our settings does. */
final class ConsulVariables {

    private static final Map<Setting, String> NAMES =
            Map.of(
                    Settings.CONSUL_TOKEN, "CONSUL_HTTP_TOKEN",
                    Settings.CONSUL_TOKEN_FILE, "CONSUL_HTTP_TOKEN_FILE",
                    Settings.CONSUL_CA_FILE, "CONSUL_CACERT",
                    Settings.CONSUL_CERT_FILE, "CONSUL_CLIENT_CERT",
                    Settings.CONSUL_KEY_FILE, "CONSUL_CLIENT_KEY",
                    Settings.CONSUL_TLS_SERVER_NAME, "CONSUL_TLS_SERVER_NAME");

    private static final String ADDRESS = "CONSUL_HTTP_ADDR";
    private static final String ENCRYPTED = "CONSUL_HTTP_SSL";

    private ConsulVariables() {}

    static void addMissing(Map<Setting, Given> given, Map<String, String> variables) {
        boolean hasToken =
                given.containsKey(Settings.CONSUL_TOKEN)
                        || given.containsKey(Settings.CONSUL_TOKEN_FILE);
        NAMES.forEach(
                (setting, name) -> {
                    boolean isToken =
                            setting == Settings.CONSUL_TOKEN
                                    || setting == Settings.CONSUL_TOKEN_FILE;
                    // Consul's clients prefer the token to the file.
                    boolean isSecond =
                            setting == Settings.CONSUL_TOKEN_FILE
                                    && !textOf(variables, "CONSUL_HTTP_TOKEN").isEmpty();
                    if (!(isToken && hasToken) && !isSecond) {
                        add(given, setting, name, textOf(variables, name));
                    }
                });
        String address = textOf(variables, ADDRESS);
        if (!address.isEmpty() && !address.contains("://")) {
            boolean isEncrypted =
                    switch (textOf(variables, ENCRYPTED)) {
                        case "1", "t", "T", "true", "TRUE", "True" -> true;
                        default -> false;
                    };
            address = (isEncrypted ? "https://" : "http://") + address;
        }
        add(given, Settings.DCS_ENDPOINTS, ADDRESS, address);
    }

    private static void add(Map<Setting, Given> given, Setting setting, String name, String text) {
        if (!text.isEmpty()) {
            given.putIfAbsent(setting, Given.text(text, new Source.Variable(name)));
        }
    }

    private static String textOf(Map<String, String> variables, String name) {
        return variables.getOrDefault(name, "").strip();
    }
}
