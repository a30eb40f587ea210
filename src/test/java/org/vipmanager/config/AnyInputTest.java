package org.vipmanager.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Whatever stands in file, flags and variables, loading ends with a configuration or with mistakes,
 * soon, and never with an exception. A failure names the seed that repeats it.
 */
final class AnyInputTest {

    private static final int SEEDS = Integer.getInteger("any.input.seeds", 3000);
    private static final String[] PIECES = {
        "ip: ",
        "vips:\n  - ",
        "netmask",
        ": ",
        "\n",
        "- ",
        "&a ",
        "*a",
        "<<: ",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "#",
        "\t",
        "\u0000",
        "\u00e4",
        "\ud83d",
        "|\n",
        ">-\n",
        "? ",
        "!!binary ",
        "%YAML 1.2",
        "---\n",
        "...\n",
        "10.0.0.9",
        "2001:db8::9",
        "-1",
        "0x",
        "1e999999999",
        "9".repeat(30),
        "http://",
        "://",
        "[::1",
        "@",
        "%",
        "dcs-endpoints: ",
        "trigger-value: ",
        "~",
        "null",
        " ",
    };

    @Test
    void loadingEndsWithAConfigurationOrWithMistakes() throws IOException {
        String sample = Files.readString(Path.of("packaging/vip-manager.yml")).replace("\n#", "\n");
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            String file = mutated(sample, random);
            Map<String, String> flags = new HashMap<>(Map.of("config", "/f"));
            Map<String, String> variables = new HashMap<>();
            for (Setting setting : Settings.ALL) {
                if (random.nextInt(8) == 0 && setting != Settings.CONFIG) {
                    flags.put(setting.name(), pieces(random));
                }
                if (random.nextInt(8) == 0 && setting != Settings.CONFIG) {
                    variables.put(setting.variable(), pieces(random));
                }
            }
            try {
                LoadOutcome outcome = new ConfigLoader(flags, variables, disk(file)).load();
                assertThat(outcome).isNotNull();
                if (outcome instanceof LoadOutcome.Refused refused) {
                    assertThat(refused.mistakes())
                            .isNotEmpty()
                            .allMatch(mistake -> !mistake.message().contains("\n"));
                }
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static String mutated(String sample, Random random) {
        StringBuilder text = new StringBuilder(sample);
        for (int i = random.nextInt(12); i > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, pieces(random));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(60)));
                default ->
                        text.setCharAt(
                                at, (char) random.nextInt(random.nextInt(3) == 0 ? 65536 : 128));
            }
        }
        return text.toString();
    }

    private static String pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static Disk disk(String file) {
        return new Disk() {
            @Override
            public byte[] read(Path path, int limit) throws IOException {
                if (path.equals(Path.of("/f"))) {
                    return file.getBytes(StandardCharsets.UTF_8);
                }
                throw new NoSuchFileException(path.toString());
            }

            @Override
            public boolean isReadableByAll(Path path) {
                return false;
            }

            @Override
            public boolean isRegular(Path path) {
                return true;
            }
        };
    }
}
