package org.vipmanager.config;

import java.util.HashMap;
import java.util.Map;

/**
 * The secrets among the flags. {@code packaging/vip-manager} takes them from the command line,
 * where every user can see them in ps, and hands them over as variables that nobody else writes.
 */
final class HiddenFlags {

    private static final String PREFIX = "VIPMANAGER_FLAG_";

    private HiddenFlags() {}

    /** All flags, those that the launcher took away among them. */
    static Map<String, String> restored(Map<String, String> flags, Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(flags);
        for (Setting setting : Settings.ALL) {
            String text = variables.get(nameFor(setting));
            if (setting.isSecret() && text != null) {
                all.put(setting.name(), text);
            }
        }
        return Map.copyOf(all);
    }

    private static String nameFor(Setting setting) {
        return PREFIX + setting.variable().substring(Setting.VARIABLE_PREFIX.length());
    }
}
