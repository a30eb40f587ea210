package org.vipmanager.notify;

import org.vipmanager.posix.LibC;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command once. It gets the facts and a few variables that name nothing secret, no
 * capabilities, nothing to read, and a process group of its own, which is killed when the time is
 * over. What it writes goes where this daemon's log goes.
 */
final class CommandRun {

    /** Of the daemon's own environment, which may hold passwords under any name. */
    private static final Set<String> HANDED_DOWN =
            Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    /** Makes a session, and with it a group; of util-linux or busybox, which every Linux has. */
    private static final String OWN_GROUP = "setsid";

    private static final File NOTHING = new File("/dev/null");
    private static final File ROOT = new File("/");

    /** prctl(2), linux/prctl.h. */
    private static final int PR_CAP_AMBIENT = 47;

    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int SIGKILL = 9;

    private final LibC libC;
    private final Map<String, String> environment;

    CommandRun(LibC libC, Map<String, String> environment) {
        this.libC = libC;
        this.environment = environment;
    }

    /**
     * Runs it to its end, or until the thread is interrupted, which kills it.
     *
     * @return empty if it ended well, else what went wrong
     */
    Optional<String> run(NotifySettings settings, Map<String, String> facts)
            throws InterruptedException {
        Process process;
        try {
            process = start(settings.command(), facts);
        } catch (IOException e) {
            return Optional.of("could not be started: " + e.getMessage());
        }
        boolean hasEnded = false;
        try {
            hasEnded = process.waitFor(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!hasEnded) {
                kill(process);
            }
        }
        if (!hasEnded) {
            return Optional.of("was killed, as it had not ended after " + text(settings.timeout()));
        }
        return switch (process.exitValue()) {
            case 0 -> Optional.empty();
            case 126, 127 ->
                    Optional.of(
                            "could not be started, or says so: exit code " + process.exitValue());
            default -> Optional.of("ended with exit code " + process.exitValue());
        };
    }

    /** With its group, which it makes a moment after it was started: until then it is alone. */
    private void kill(Process process) {
        int group = -(int) process.pid();
        if (libC.kill(group, SIGKILL) < 0) {
            process.destroyForcibly();
            libC.kill(group, SIGKILL); // it may have made it in between
        }
    }

    private Process start(List<String> command, Map<String, String> facts) throws IOException {
        List<String> words = new ArrayList<>(command.size() + 1);
        words.add(OWN_GROUP);
        words.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .directory(ROOT)
                        .redirectInput(Redirect.from(NOTHING))
                        .redirectOutput(Redirect.INHERIT)
                        .redirectError(Redirect.INHERIT);
        Map<String, String> variables = builder.environment();
        variables.clear();
        environment.forEach(
                (name, value) -> {
                    if (HANDED_DOWN.contains(name)) {
                        variables.put(name, value);
                    }
                });
        variables.putAll(facts);
        giveUpCapabilities();
        return builder.start();
    }

    /**
     * The capabilities that the unit gives would be handed down. They are a thread's own matter,
     * capabilities(7): the others keep theirs.
     */
    private void giveUpCapabilities() {
        libC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }
}
