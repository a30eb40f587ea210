package org.vipmanager.cli;

import org.vipmanager.config.Group;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

import java.util.List;

/** What {@code --help} prints: the table of settings, by groups, with defaults and variables. */
final class Help {

    private static final int WIDTH = 80;
    private static final String INDENT = "      ";

    private final StringBuilder text = new StringBuilder();

    private Help() {}

    static String text() {
        return new Help().whole();
    }

    private String whole() {
        text.append(
                """
                Usage: vip-manager [check] [--SETTING VALUE]...
                       vip-manager status [--json] [--watch] [--why ADDRESS]

                Holds a virtual IP address on this host while it leads the Patroni cluster.
                Without a command it runs until it is stopped. With "check" it prints the
                settings in effect, looks at everything that the address depends on, changes
                nothing, and ends: exit code 0, 1 with warnings, 2 with errors.

                "status" asks the running daemon: what it holds, why, and until when; see
                vip-manager status --help.

                Each setting is a flag, a variable or a line of the file that --config names;
                a flag beats a variable, and a variable the file. The file can also list
                several addresses under "vips:". A duration is in milliseconds, or has a unit:
                1500, 2s, 1min.
                """);
        for (Group group : Group.values()) {
            text.append('\n').append(group.title()).append(":\n");
            for (Setting setting : Settings.ALL) {
                if (setting.group() == group) {
                    entry(setting);
                }
            }
            if (group == Group.PROGRAM) {
                text.append("  --json\n").append(INDENT);
                text.append("What \"check\" finds as one JSON object.\n");
                text.append("  --version\n").append(INDENT).append("Print the version and end.\n");
                text.append("  -h, --help\n").append(INDENT).append("Print this and end.\n");
            }
        }
        return text.toString();
    }

    private void entry(Setting setting) {
        text.append("  ").append(setting.flag()).append(setting.behindFlag());
        text.append("  (").append(setting.variable()).append(")\n");
        wrapped(setting.help());
        String standard = setting.defaultForPeople();
        if (!standard.isEmpty()) {
            wrapped("Default: " + standard);
        }
    }

    private void wrapped(String sentence) {
        int column = 0;
        for (String word : List.of(sentence.split(" "))) {
            if (column == 0) {
                text.append(INDENT);
                column = INDENT.length();
            } else if (column + 1 + word.length() > WIDTH) {
                text.append('\n').append(INDENT);
                column = INDENT.length();
            } else {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        text.append('\n');
    }
}
