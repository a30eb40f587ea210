package org.vipmanager.config;

import java.util.Map;

/** The variables of the Cloud's own clients, where our own settings say nothing. */
final class HetznerVariables {

    private static final String TOKEN = "HCLOUD_TOKEN";
    private static final String ENDPOINT = "HCLOUD_ENDPOINT";

    private HetznerVariables() {}

    static void addMissing(Map<Setting, Given> given, Map<String, String> variables) {
        if (!given.containsKey(Settings.HETZNER_CLOUD_TOKEN)
                && !given.containsKey(Settings.HETZNER_CLOUD_TOKEN_FILE)) {
            add(given, Settings.HETZNER_CLOUD_TOKEN, TOKEN, variables);
        }
        add(given, Settings.HETZNER_CLOUD_ENDPOINT, ENDPOINT, variables);
    }

    private static void add(
            Map<Setting, Given> given,
            Setting setting,
            String name,
            Map<String, String> variables) {
        String text = variables.getOrDefault(name, "").strip();
        if (!text.isEmpty()) {
            given.putIfAbsent(setting, Given.text(text, new Source.Variable(name)));
        }
    }
}
