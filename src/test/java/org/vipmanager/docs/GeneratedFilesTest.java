package org.vipmanager.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.cli.CommandLine;
import org.vipmanager.cli.Outcome;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Compares what is written about the settings with their table. {@code make docs} writes the files
 * anew, with the variable WRITE_DOCS set.
 */
final class GeneratedFilesTest {

    private static final boolean WRITE = System.getenv("WRITE_DOCS") != null;
    private static final Path SAMPLE = Path.of("packaging/vip-manager.yml");

    @Test
    void readmeHasTheTableOfSettings() throws IOException {
        compareSection(Path.of("README.md"), "settings", SettingsTables.settings());
    }

    @Test
    void migrationGuideHasTheOldNames() throws IOException {
        compareSection(Path.of("docs/migrating.md"), "old names", SettingsTables.oldNames());
    }

    @Test
    void sampleFileHasEverySetting() throws IOException {
        compare(SAMPLE, SampleFile.text());
    }

    @Test
    void manualPageHasEverySetting() throws IOException {
        compare(Path.of("packaging/vip-manager.8"), ManualPage.text());
        compare(Path.of("packaging/vip-manager.yml.5"), FileManualPage.text());
    }

    @Test
    void completionHasEveryFlag() throws IOException {
        compare(Path.of("packaging/vip-manager.bash-completion"), BashCompletion.text());
        compare(Path.of("packaging/vip-manager.zsh-completion"), ZshCompletion.text());
    }

    @Test
    void sampleFileChangesNothingByItself() {
        assertThat(configOf("--config=" + SAMPLE)).isEqualTo(configOf());
    }

    @Test
    void sampleFileCanBeUsedWhenItsExamplesAre() throws IOException {
        compare(SAMPLE, SampleFile.text()); // where it is written anew, it is to be so before
        String sample = Files.readString(SAMPLE);
        for (Setting setting : Settings.ALL) {
            boolean isShown = sample.contains("\n#" + setting.name() + ": ");
            assertThat(isShown).as(setting.name()).isEqualTo(!setting.name().equals("config"));
        }
        String used = sample;
        for (Setting setting : Settings.ALL) {
            boolean isNeutral = !setting.name().contains("hetzner") && !needsOthers(setting);
            if (isNeutral && !setting.name().equals("etcd-user")) {
                used = used.replace("\n#" + setting.name() + ": ", "\n" + setting.name() + ": ");
            }
        }
        used = used.replace("\n#vips:", "\nvips:").replace("\n#  - ", "\n  - ");
        used = used.replace("\n#    ", "\n    ");
        Path file = Files.createTempFile("vip-manager", ".yml");
        try {
            Files.writeString(file, used);
            Outcome outcome = CommandLine.parse(new String[] {"--config=" + file}, Map.of());

            assertThat(outcome).isInstanceOf(Outcome.Run.class);
            Outcome.Run run = (Outcome.Run) outcome;
            assertThat(run.loaded().warnings()).isEmpty();
            assertThat(run.loaded().config().vips()).hasSize(3);
        } finally {
            Files.delete(file);
        }
    }

    /** Needs files that are there, or endpoints with https, or none. */
    private static boolean needsOthers(Setting setting) {
        return setting.isSecret()
                || setting.name().endsWith("-file")
                || setting.name().endsWith("-tls-server-name")
                || setting.name().startsWith("etcd-srv");
    }

    private static Object configOf(String... further) {
        String[] flags = {
            "--ip=10.0.0.9", "--netmask=24", "--interface=eth0", "--trigger-key=/service/db/leader"
        };
        String[] all = new String[flags.length + further.length];
        System.arraycopy(flags, 0, all, 0, flags.length);
        System.arraycopy(further, 0, all, flags.length, further.length);
        return ((Outcome.Run) CommandLine.parse(all, Map.of())).loaded().config();
    }

    private static void compareSection(Path file, String name, String generated)
            throws IOException {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- /" + name + " -->";
        String text = Files.readString(file);
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        assertThat(from).as("%s has %s", file, begin).isNotNegative();
        assertThat(to).as("%s has %s", file, end).isGreaterThan(from);
        compare(file, text.substring(0, from + begin.length()) + generated + text.substring(to));
    }

    private static void compare(Path file, String generated) throws IOException {
        if (WRITE) {
            Files.writeString(file, generated);
        }
        assertThat(Files.readString(file))
                .as("%s, written by 'make docs'", file)
                .isEqualTo(generated);
    }
}
