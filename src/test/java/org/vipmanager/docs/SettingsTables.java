package org.vipmanager.docs;

import org.vipmanager.config.Group;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

/** The settings as tables for people: those of the README, and that of the old names. */
final class SettingsTables {

    private SettingsTables() {}

    static String settings() {
        StringBuilder text = new StringBuilder();
        for (Group group : Group.values()) {
            text.append("**").append(group.title()).append("**\n\n");
            text.append("| setting | variable | default | |\n| --- | --- | --- | --- |\n");
            for (Setting setting : Settings.ALL) {
                if (setting.group() == group) {
                    text.append("| `").append(setting.name()).append("` | `");
                    text.append(setting.variable()).append("` | ").append(standard(setting));
                    text.append(" | ").append(cell(setting.help())).append(words(setting));
                    text.append(" |\n");
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    static String oldNames() {
        StringBuilder text = new StringBuilder("| old name | today |\n| --- | --- |\n");
        for (Setting setting : Settings.ALL) {
            for (String old : setting.oldNames()) {
                text.append("| `").append(old).append("` | `").append(setting.name());
                text.append("` |\n");
            }
        }
        return text.toString();
    }

    private static String standard(Setting setting) {
        if (!setting.defaultNote().isEmpty()) {
            return cell(setting.defaultNote());
        }
        return setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
    }

    private static String words(Setting setting) {
        return setting.choices().isEmpty()
                ? ""
                : " One of `" + String.join("`, `", setting.choices()) + "`.";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;");
    }
}
