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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a benchmark ran on, for its document. */
final class BenchMachine {

    private BenchMachine() {}

    static String today() {
        return LocalDate.now(ZoneOffset.UTC)
                .format(DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH));
    }

    /** The machine, and the versions of what runs on it. */
    static String described() {
        return "%s; Debian's %s; %d processors (%s), %d MiB, Linux %s"
                .formatted(
                        version(Program.underTest()),
                        Stream.of("vip-manager2", "etcd-3.5", "consul", "keepalived")
                                .filter(Servers::has)
                                .map(BenchMachine::packaged)
                                .collect(Collectors.joining(", ")),
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

    /** Such as {@code etcd-server 3.5.16-4}, if build/fetch-servers has put it there. */
    private static String packaged(String tree) {
        Path packages = Servers.tree(tree).resolve(".packages");
        return (Files.exists(packages) ? read(packages.toString()) : "")
                .lines()
                .findFirst()
                .map(line -> line.replaceFirst("^.*: fetched (.*) \\(.*$", "$1"))
                .orElse(tree);
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
