package org.vipmanager.check;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the programs that put addresses on the interfaces of this network namespace, by {@code
 * /proc}, proc(5).
 *
 * <p>What it reads of each is bounded. Whatever cannot be read is left out, not waited for.
 */
final class RunningManagers {

    private static final int MOST_PROCESSES = 50_000;
    private static final int LONGEST_FILE = 1 << 20;
    private static final String JAR = "/vip-manager.jar";

    /** Where it was started from classes. */
    private static final String MAIN = "org.vipmanager.Main";

    private static final Path KEEPALIVED_FILE = Path.of("/etc/keepalived/keepalived.conf");

    private final Path proc;

    /**
     * @param proc the folder {@code /proc}, or one like it
     */
    RunningManagers(Path proc) {
        this.proc = proc;
    }

    /** Each once, whatever processes it consists of: keepalived is several. */
    List<AddressManager> list() {
        List<AddressManager> all = all();
        return all.stream().filter(one -> all.stream().noneMatch(one::isPartOf)).toList();
    }

    private List<AddressManager> all() {
        try (Stream<Path> folders = Files.list(proc)) {
            return folders.filter(folder -> isNumber(folder.getFileName().toString()))
                    .limit(MOST_PROCESSES)
                    .flatMap(folder -> manager(folder).stream())
                    .toList();
        } catch (IOException noProc) {
            return List.of();
        }
    }

    private Optional<AddressManager> manager(Path folder) {
        try {
            List<String> words = words(folder.resolve("cmdline"));
            AddressManager.Kind kind = kind(words);
            long pid = Long.parseLong(folder.getFileName().toString());
            if (kind == null || pid == ProcessHandle.current().pid()) {
                return Optional.empty();
            }
            Place place = place(folder);
            if (place == Place.ELSEWHERE) {
                return Optional.empty();
            }
            List<String> status = text(folder.resolve("status")).lines().toList();
            return Optional.of(
                    new AddressManager(
                            kind, pid, status, settings(folder, words, kind), place == Place.HERE));
        } catch (IOException | RuntimeException gone) {
            return Optional.empty();
        }
    }

    private static AddressManager.@Nullable Kind kind(List<String> words) {
        if (words.isEmpty()) {
            return null;
        }
        String program = Path.of(words.getFirst()).getFileName().toString();
        int jar = indexOfJar(words);
        if (jar >= 0) {
            boolean isCommand =
                    words.subList(jar + 1, words.size()).stream()
                            .anyMatch(word -> word.equals("check") || word.equals("status"));
            return isCommand ? null : AddressManager.Kind.OURS;
        }
        return switch (program) {
            case "vip-manager", "vip-manager2" -> AddressManager.Kind.GO;
            case "keepalived" -> AddressManager.Kind.KEEPALIVED;
            default -> null;
        };
    }

    private static int indexOfJar(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).endsWith(JAR) || words.get(i).equals(MAIN)) {
                return i;
            }
        }
        return -1;
    }

    /** In which network namespace a process lives. */
    private enum Place {
        HERE,
        ELSEWHERE,
        /** Another user's process does not show its own. */
        UNKNOWN
    }

    private Place place(Path folder) {
        try {
            Path own = Files.readSymbolicLink(proc.resolve("self/ns/net"));
            boolean isSame = Files.readSymbolicLink(folder.resolve("ns/net")).equals(own);
            return isSame ? Place.HERE : Place.ELSEWHERE;
        } catch (IOException notShown) {
            return Place.UNKNOWN;
        }
    }

    private Optional<String> settings(Path folder, List<String> words, AddressManager.Kind kind) {
        List<String> told = new ArrayList<>(words);
        boolean isComplete = true;
        List<String> variables = List.of();
        try {
            variables = words(folder.resolve("environ"));
            told.addAll(variables);
        } catch (IOException notShown) {
            isComplete = false;
        }
        Optional<String> named = file(words, variables, kind);
        if (named.isPresent()) {
            try {
                told.add(text(folder.resolve("root" + Path.of("/").resolve(named.get()))));
            } catch (IOException notShown) {
                isComplete = false;
            }
        }
        String text = String.join("\n", told);
        return isComplete ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> file(
            List<String> words, List<String> variables, AddressManager.Kind kind) {
        List<String> flags =
                kind == AddressManager.Kind.KEEPALIVED
                        ? List.of("-f", "--use-file")
                        : List.of("--config", "-config");
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            for (String flag : flags) {
                if (word.startsWith(flag + "=")) {
                    return Optional.of(word.substring(flag.length() + 1));
                }
                if (word.equals(flag) && i + 1 < words.size()) {
                    return Optional.of(words.get(i + 1));
                }
            }
        }
        if (kind == AddressManager.Kind.KEEPALIVED) {
            return Optional.of(KEEPALIVED_FILE.toString());
        }
        return variables.stream()
                .filter(variable -> variable.startsWith("VIP_CONFIG="))
                .map(variable -> variable.substring("VIP_CONFIG=".length()))
                .filter(file -> !file.isEmpty())
                .findFirst();
    }

    /** Words that end with zero bytes. */
    private static List<String> words(Path file) throws IOException {
        return Stream.of(text(file).split("\0")).filter(word -> !word.isEmpty()).toList();
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST_FILE), StandardCharsets.UTF_8);
        }
    }

    private static boolean isNumber(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
