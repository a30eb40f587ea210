package org.vipmanager.docs;

import org.vipmanager.config.Group;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

/** The sample configuration file: every setting, commented out. */
final class SampleFile {

    private static final int WIDTH = 100;

    private SampleFile() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                # The configuration of vip-manager. Every setting is here, with its default where it has one.
                # Uncomment what you want to change. Required are ip, netmask, interface and trigger-key.
                #
                # A flag (--interval 500) beats a variable (VIP_INTERVAL=500), and that beats this file.
                # "vip-manager check --config FILE" shows the settings in effect, or everything that is wrong.
                """);
        for (Group group : Group.values()) {
            text.append("\n\n## ").append(group.title()).append('\n');
            for (Setting setting : Settings.ALL) {
                if (setting.group() == group && !setting.name().equals("config")) {
                    text.append('\n').append(Wrapped.lines("# ", setting.help(), WIDTH));
                    if (!setting.defaultNote().isEmpty()) {
                        text.append(
                                Wrapped.lines("# ", "Default: " + setting.defaultNote(), WIDTH));
                    }
                    text.append('#').append(setting.name()).append(": ");
                    text.append(value(setting)).append('\n');
                }
            }
        }
        return text.append(
                        """


                        ## Several addresses
                        # Each entry may have ip, netmask, interface, trigger-key, trigger-value, patroni-url, manager-type
                        # and a label, which "vip-manager check" and the log at start show; what it leaves out is taken
                        # from above.
                        #vips:
                        #  - ip: 192.168.0.124
                        #    trigger-key: /service/reports/leader
                        #    patroni-url: http://127.0.0.1:8009
                        #    label: reports
                        #  - ip: 2001:db8::123
                        #    netmask: 64
                        """)
                .toString();
    }

    private static String value(Setting setting) {
        String value = setting.defaultText().isEmpty() ? setting.example() : setting.defaultText();
        boolean isList = setting.name().equals("dcs-endpoints");
        return isList ? "[" + value + "]" : value;
    }
}
