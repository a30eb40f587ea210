package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What nobody has asked for costs nothing. */
@Execution(ExecutionMode.CONCURRENT)
final class HttpOffLiveIT {

    /** Of a daemon that holds the address the JVM has loaded nothing that is there for HTTP. */
    @Test
    void offMeansThatNoClassOfItIsLoaded() throws InterruptedException, IOException {
        try (Lab lab = Lab.open("http off")) {
            Path classes = lab.memory("classes").resolve("loaded");
            Command.run("chmod", "777", classes.getParent().toString());
            String log = "-Xlog:class+load:file=" + classes;
            // The image has options of its own, which end all logging; theirs come after them.
            Program telling =
                    Program.underTestWithin(
                            "export JDK_JAVA_OPTIONS=%s VIPMANAGER_JVM_OPTIONS=%s; exec \"$@\""
                                    .formatted(log, log));
            lab.leaderKey().name(lab.host(1));
            lab.daemon(telling, lab.host(1));
            lab.holders().awaitServing(lab.host(1), Lab.START);

            assertThat(Files.readAllLines(classes))
                    .anyMatch(line -> line.contains(" org.vipmanager.core.Decision "))
                    .noneMatch(HttpOffLiveIT::isForHttp);
        }
    }

    private static boolean isForHttp(String line) {
        return List.of(" org.vipmanager.web.", " io.prometheus.", "sun.net.httpserver.").stream()
                .anyMatch(line::contains);
    }
}
