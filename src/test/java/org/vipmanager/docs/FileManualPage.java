package org.vipmanager.docs;

import org.vipmanager.config.Group;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

import java.util.Locale;

/** The manual page vip-manager.yml(5), in the macros of man(7). */
final class FileManualPage {

    private FileManualPage() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                .TH VIP\\-MANAGER.YML 5 "" "vip\\-manager" "File formats"
                .SH NAME
                vip\\-manager.yml \\- configuration of vip\\-manager(8)
                .SH SYNOPSIS
                .I /etc/default/vip\\-manager.yml
                .br
                .IR /etc/vip\\-manager/ INSTANCE .yml
                .SH DESCRIPTION
                A YAML file with a line "name: value" for each setting that is not to have its default.
                Required are ip, netmask, interface and trigger\\-key.
                A flag or a variable of the environment with the same setting beats the file.
                .PP
                .B vip\\-manager check \\-\\-config
                .I FILE
                prints the settings in effect, or everything that is wrong.
                .PP
                Text is taken as it is written.
                Durations are milliseconds when bare, or take
                .BR ms ", " s " or " min .
                """);
        for (Group group : Group.values()) {
            text.append(".SH ").append(ManualPage.roff(group.title()).toUpperCase(Locale.ROOT));
            text.append('\n');
            for (Setting setting : Settings.ALL) {
                if (setting.group() == group && !setting.name().equals("config")) {
                    entry(setting, text);
                }
            }
        }
        return text.append(
                        """
                        .SH SEVERAL ADDRESSES
                        .TP
                        .B vips:
                        A list of further addresses, each with its own ip, netmask, interface, trigger\\-key,
                        trigger\\-value, manager\\-type, patroni\\-url and label; what it leaves out is taken from
                        the other settings.
                        .SH EXAMPLE
                        .nf
                        ip: 192.168.0.123
                        netmask: 24
                        interface: eth0
                        trigger\\-key: /service/pgcluster/leader
                        trigger\\-value: pgcluster_member1
                        dcs\\-endpoints: [http://127.0.0.1:2379]
                        .fi
                        .SH SEE ALSO
                        .BR vip\\-manager (8)
                        """)
                .toString();
    }

    private static void entry(Setting setting, StringBuilder text) {
        text.append(".TP\n.BI ").append(ManualPage.roff(setting.name())).append(": \" ");
        text.append(ManualPage.roff(setting.behindFlag())).append("\"\n");
        ManualPage.explanation(setting, text);
    }
}
