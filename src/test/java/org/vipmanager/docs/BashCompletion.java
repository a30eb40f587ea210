package org.vipmanager.docs;

import org.vipmanager.config.Kind;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

/** What bash proposes behind {@code vip-manager}. */
final class BashCompletion {

    private BashCompletion() {}

    static String text() {
        StringBuilder flags = new StringBuilder();
        StringBuilder files = new StringBuilder();
        StringBuilder cases = new StringBuilder();
        for (Setting setting : Settings.ALL) {
            flags.append("        ").append(setting.flag()).append('\n');
            if (setting.kind() == Kind.FILE) {
                files.append(files.isEmpty() ? "" : " | ").append(setting.flag());
            }
            if (!setting.choices().isEmpty()) {
                cases.append("        ").append(setting.flag()).append(")\n");
                cases.append("            words='").append(String.join(" ", setting.choices()));
                cases.append("' ;;\n");
            }
        }
        return """
        # Completion of vip-manager for bash.
        _vip_manager() {
            local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words
            COMPREPLY=()
            if [[ $current == = ]]; then
                current=''
            elif [[ $previous == = && COMP_CWORD -ge 2 ]]; then
                previous=${COMP_WORDS[COMP_CWORD - 2]}
            fi
            case $previous in
                FILES)
                    mapfile -t COMPREPLY < <(compgen -f -- "$current")
                    return ;;
                --interface)
                    words=$(cd /sys/class/net 2>/dev/null && echo *) ;;
        CASES        *)
                    words="check status --json --watch --why --help --version
        FLAGS    " ;;
            esac
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        }
        complete -o filenames -F _vip_manager vip-manager
        """
                .replace("FILES", files)
                .replace("CASES", cases)
                .replace("FLAGS", flags);
    }
}
