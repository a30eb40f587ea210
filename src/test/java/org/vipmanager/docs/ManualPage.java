package org.vipmanager.docs;

import org.vipmanager.config.Group;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

import java.util.Locale;

/** The manual page vip-manager(8), in the macros of man(7). */
final class ManualPage {

    private ManualPage() {}

    static String text() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                .TH VIP\\-MANAGER 8 "" "vip\\-manager" "System administration"
                .SH NAME
                vip\\-manager \\- hold a virtual IP address on the database host that leads
                .SH SYNOPSIS
                .B vip\\-manager
                .RI [ \\-\\-setting " " value ]...
                .br
                .B vip\\-manager check
                .RI [ \\-\\-setting " " value ]...
                .br
                .B vip\\-manager status
                .RB [ \\-\\-json | \\-\\-watch | \\-\\-why
                .IR ADDRESS ]
                .RB [ \\-\\-control\\-socket
                .IR FILE " | "
                .B \\-\\-config
                .IR FILE ]
                .SH DESCRIPTION
                Asks etcd, Consul or the local Patroni who leads, and holds a virtual IP address on this
                host exactly while this host leads. Runs until SIGTERM or SIGINT.
                .PP
                With
                .B check
                it prints the settings in effect with their sources, looks at everything that the address depends
                on, changes nothing, says what to do, and ends.
                .PP
                With
                .B status
                it asks the running daemon what it holds, why, and until when;
                .B vip\\-manager status \\-\\-help
                has its flags.
                .PP
                Each setting is a flag, a variable of the environment, or a line "name: value" of the YAML
                file that
                .B \\-\\-config
                names; a flag beats a variable, and a variable the file. An empty value is an unset one.
                Durations are milliseconds when bare, or take
                .BR ms ", " s " or " min .
                The file may list several addresses under
                .BR vips: ,
                each entry with its own ip, netmask, interface, trigger\\-key, trigger\\-value, patroni\\-url,
                manager\\-type and label; what it leaves out is taken from the other settings.
                """);
        for (Group group : Group.values()) {
            text.append(".SH ").append(roff(group.title()).toUpperCase(Locale.ROOT));
            text.append('\n');
            for (Setting setting : Settings.ALL) {
                if (setting.group() == group) {
                    entry(setting, text);
                }
            }
        }
        return text.append(
                        """
                        .TP
                        .B \\-\\-json
                        Print what
                        .B check
                        finds as one JSON object.
                        .TP
                        .B \\-\\-version
                        Print version, commit and date, and end.
                        .TP
                        .B \\-h, \\-\\-help
                        Print all settings, and end.
                        .SH EXIT STATUS
                        .TP
                        .B 0
                        Stopped on request;
                        .B check
                        has found nothing wrong.
                        .TP
                        .B 1
                        Anything that is neither 0 nor 2, such as a stop that left an address behind or was ended by
                        force;
                        .B check
                        has warnings;
                        .B status
                        could ask no daemon, or not about that address.
                        .TP
                        .B 2
                        The configuration cannot work; each mistake is reported with its setting, value, place and
                        remedy.
                        .B check
                        has found errors.
                        .SH SIGNALS
                        .TP
                        .BR SIGTERM ", " SIGINT
                        Release the address, or keep it, as
                        .B on\\-exit
                        says, and end.
                        .TP
                        .B SIGHUP
                        Read the configuration file again. A mistake in it is logged and changes nothing.
                        .SH FILES
                        .TP
                        .I /etc/default/vip\\-manager.yml
                        The configuration that the systemd unit names.
                        .TP
                        .I /etc/default/vip\\-manager
                        Variables that the systemd unit reads.
                        .TP
                        .IR /etc/patroni/ INSTANCE .vip ", " /etc/vip\\-manager/ INSTANCE .yml
                        The same for the unit of an instance, vip\\-manager@INSTANCE.
                        .TP
                        .IR /run/vip\\-manager/control.sock
                        The socket at which the daemon tells its status.
                        .TP
                        .I /usr/share/doc/vip\\-manager\\-java/docs/
                        The documents that are named here and in the log.
                        .SH SEE ALSO
                        .BR vip\\-manager.yml (5),
                        .BR ip\\-address (8),
                        .BR patronictl (1)
                        """)
                .toString();
    }

    private static void entry(Setting setting, StringBuilder text) {
        text.append(".TP\n.BI ").append(roff(setting.flag())).append(" \"");
        text.append(roff(setting.behindFlag()))
                .append("\" \" (")
                .append(setting.variable())
                .append(")\"\n");
        explanation(setting, text);
    }

    /** What a setting is for, and its default. */
    static void explanation(Setting setting, StringBuilder text) {
        text.append(roff(setting.help())).append('\n');
        if (!setting.defaultForPeople().isEmpty()) {
            text.append("Default: ").append(roff(setting.defaultForPeople())).append(".\n");
        }
    }

    static String roff(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
