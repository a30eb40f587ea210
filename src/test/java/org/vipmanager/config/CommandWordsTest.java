package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class CommandWordsTest {

    @TempDir private Path folder;

    @Test
    void text_isSplitAtBlanks_andQuotesHoldTogether() {
        assertThat(command("/bin/tell")).containsExactly("/bin/tell");
        assertThat(command("  /bin/tell  a\tb ")).containsExactly("/bin/tell", "a", "b");
        assertThat(command("/bin/tell 'two words' \"it's\" x\"\"y ''"))
                .containsExactly("/bin/tell", "two words", "it's", "xy", "");
        assertThat(command("/bin/tell $HOME;ls *")).containsExactly("/bin/tell", "$HOME;ls", "*");
    }

    @Test
    void list_isTakenAsItIs() throws IOException {
        Path file = folder.resolve("v.yml");
        Files.writeString(file, "notify-command: [/bin/tell, 'two words', \"'\"]\n");

        assertThat(loaded(Map.of("config", file.toString())).status().notifyCommand())
                .containsExactly("/bin/tell", "two words", "'");
    }

    @Test
    void mistakes() {
        assertThat(refusal("tell"))
                .contains("does not begin with a slash", "/usr/local/bin/vip-moved");
        assertThat(refusal("/bin/tell 'a")).contains("nothing closes");
    }

    @Test
    void none() {
        assertThat(loaded(Map.of()).status().notifyCommand()).isEmpty();
    }

    private static List<String> command(String text) {
        return loaded(Map.of("notify-command", text)).status().notifyCommand();
    }

    private static String refusal(String text) {
        LoadOutcome outcome = outcome(Map.of("notify-command", text));
        return ((LoadOutcome.Refused) outcome).mistakes().getFirst().message();
    }

    private static Config loaded(Map<String, String> flags) {
        return ((LoadOutcome.Loaded) outcome(flags)).config();
    }

    private static LoadOutcome outcome(Map<String, String> flags) {
        Map<String, String> all = new HashMap<>(flags);
        all.putAll(
                Map.of(
                        "ip", "10.0.0.9",
                        "netmask", "24",
                        "interface", "eth0",
                        "trigger-key", "/service/db/leader"));
        return new ConfigLoader(all, Map.of()).load();
    }
}
