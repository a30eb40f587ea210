package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** What a benchmark ran on, for its document. */
final class BenchMachine {

    private BenchMachine() {}

    /** The head of the document. */
    static String described(String command) {
        return """
        # Benchmarks

        Written by `%s`, which repeats it: vip-manager for Java (*ours*) and vip-manager 5.0.0 (*5.0.0*, Debian's
        vip-manager2), each with its own hosts, etcd and client in network namespaces of one machine. They take turns, so that
        whatever else the machine does troubles both. What happens when something fails is in
        [measurements.md](measurements.md).

        | | |
        | --- | --- |
        | date | %s |
        | machine | %d processors, %s; %s of memory; Linux %s |
        | others on it | load %s at the start, of which the benchmark itself is none |
        | ours | %s |
        | etcd | %s |"""
                .formatted(
                        command,
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        line("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                        line("/proc/meminfo", "MemTotal").orElse("?"),
                        System.getProperty("os.version"),
                        load(),
                        version(Program.underTest()),
                        Command.run(Servers.program("etcd-3.5", "etcd").toString(), "--version")
                                .lines()
                                .findFirst()
                                .orElse("?"));
    }

    /** Of the last minute, five and fifteen minutes. */
    static String load() {
        return read("/proc/loadavg").replaceFirst(" \\d+/.*", "").strip();
    }

    private static String version(Program program) {
        String[] command = {program.command().getFirst(), "--version"};
        return Command.run(command).strip().replaceAll("\\s*\n\\s*", ", ").replaceAll(" +", " ");
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
