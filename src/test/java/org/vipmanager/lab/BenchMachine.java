package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What a benchmark ran on, for its document. */
final class BenchMachine {

    private BenchMachine() {}

    static String today() {
        return LocalDate.now(ZoneOffset.UTC)
                .format(DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH));
    }

    /** The machine, and the versions of what runs on it. */
    static String described() {
        return "%s; 5.0.0 of Debian's vip-manager2; %s; %d processors (%s), %d MiB, Linux %s"
                .formatted(
                        version(Program.underTest()),
                        Command.run(Servers.program("etcd-3.5", "etcd").toString(), "--version")
                                .lines()
                                .findFirst()
                                .orElse("etcd of unknown version"),
                        Runtime.getRuntime().availableProcessors(),
                        line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                        line("/proc/meminfo", "MemTotal")
                                .map(text -> Long.parseLong(text.replaceAll("\\D", "")) / 1024)
                                .orElse(0L),
                        System.getProperty("os.version"));
    }

    /** Of the last minute. */
    static String load() {
        return read("/proc/loadavg").split(" ")[0];
    }

    private static String version(Program program) {
        String[] command = {program.command().getFirst(), "--version"};
        return "ours: "
                + Command.run(command).strip().replaceAll("\\s*\n\\s*", ", ").replaceAll(" +", " ");
    }

    private static Optional<String> line(String file, String name) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
