package org.vipmanager.lab;

import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A command is run after each takeover and release. */
@Execution(ExecutionMode.CONCURRENT)
final class NotifyLiveIT {

    private static final int FAILOVERS = 10;

    /**
     * The address goes to and fro ten times, as fast as it can. The second host's command hangs
     * each time, and is killed; the first one's tells what happened, in order. Neither delays
     * anything, and what was still to be told when the daemon stops is told.
     */
    @Test
    void hangingCommand_delaysNoFailover() throws InterruptedException, IOException {
        try (Lab lab = Lab.open("notify")) {
            Path told = folder(lab).resolve("told");
            lab.leaderKey().name(lab.host(1));
            Daemon first =
                    lab.daemon(
                            lab.host(1),
                            "--notify-command="
                                    + script(lab, "tell", "echo $VIPMANAGER_EVENT >>" + told));
            Daemon second =
                    lab.daemon(
                            lab.host(2),
                            "--notify-command=" + script(lab, "hang", "sleep 1000 & wait"),
                            "--notify-timeout=1s");
            lab.holders().awaitServing(lab.host(1), Lab.START);
            for (int i = 0; i < FAILOVERS; i++) {
                Host next = lab.host(2 - i % 2);
                lab.leaderKey().name(next);
                lab.holders().awaitServing(next, Lab.AT_ONCE);
            }
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < FAILOVERS / 2; i++) {
                expected.add("takeover");
                expected.add("release");
            }
            expected.add("takeover");
            await("all is told")
                    .atMost(Lab.START)
                    .until(() -> Files.exists(told) && Files.readAllLines(told).equals(expected));
            lab.awaitLog(second, "it was killed, as it had not ended after 1 s");

            lab.awaitEnd(first, first.signal(Kernel.SIGTERM));
            lab.holders().awaitNobody(Lab.AT_ONCE);
            expected.add("release");
            await("the end is told")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> Files.readAllLines(told).equals(expected));
            // Which also ends what still hangs.
            lab.awaitEnd(second, second.signal(Kernel.SIGTERM));
        }
    }

    private static Path folder(Lab lab) {
        Path folder = lab.memory("notify");
        Command.run("chmod", "777", folder.toString());
        return folder;
    }

    private static Path script(Lab lab, String name, String body) throws IOException {
        Path script = folder(lab).resolve(name);
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Command.run("chmod", "755", script.toString());
        return script;
    }
}
