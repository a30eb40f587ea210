package org.vipmanager.docs;

import org.vipmanager.config.Kind;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

/** What zsh proposes behind {@code vip-manager}. */
final class ZshCompletion {

    private ZshCompletion() {}

    static String text() {
        StringBuilder flags = new StringBuilder();
        for (Setting setting : Settings.ALL) {
            flags.append("    '").append(setting.flag()).append('=');
            flags.append('[').append(escaped(firstSentence(setting.help()))).append(']');
            flags.append(':').append(setting.name()).append(':').append(values(setting));
            flags.append("' \\\n");
        }
        return """
        #compdef vip-manager
        # Completion of vip-manager for zsh.
        _arguments -s \\
        FLAGS    '--version[Print version, commit and date]' \\
            '(-h --help)'{-h,--help}'[Print all settings]' \\
            '1:command:(check status)'
        """
                .replace("FLAGS", flags);
    }

    private static String values(Setting setting) {
        if (setting.kind() == Kind.FILE) {
            return "_files";
        }
        if (setting.name().equals("interface")) {
            return "_net_interfaces";
        }
        return setting.choices().isEmpty() ? " " : "(" + String.join(" ", setting.choices()) + ")";
    }

    private static String firstSentence(String help) {
        int end = help.indexOf(". ");
        return end < 0 ? help.replaceFirst("\\.$", "") : help.substring(0, end);
    }

    /** Within single quotes, and within the brackets of _arguments. */
    private static String escaped(String text) {
        return text.replace("'", "'\\''")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }
}
