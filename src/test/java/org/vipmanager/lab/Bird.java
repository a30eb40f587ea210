package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The routing daemon BIRD, running in a host. */
final class Bird implements AutoCloseable {

    private final ServerProcess process;

    private Bird(ServerProcess process) {
        this.process = process;
    }

    static Bird start(Lab lab, Host host, String configuration) {
        Path folder = lab.folder();
        Path file = folder.resolve("bird-" + host + ".conf").toAbsolutePath();
        try {
            Files.writeString(file, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String program = Servers.tree("bird").resolve("usr/sbin/bird").toString();
        String socket = folder.resolve("bird-" + host + ".ctl").toAbsolutePath().toString();
        return new Bird(
                ServerProcess.start(
                        host.namespace()
                                .command(program, "-f", "-c", file.toString(), "-s", socket),
                        Map.of(
                                "LD_LIBRARY_PATH",
                                Servers.libraries(Servers.tree("bird")).toString()),
                        folder.resolve("bird-" + host + ".log"),
                        lab.timeline()));
    }

    @Override
    public void close() {
        process.kill();
    }
}
