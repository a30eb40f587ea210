package org.vipmanager.program;

import org.vipmanager.posix.LibC;
import org.vipmanager.program.ProgramEnd.How;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs a program of the user's. It gets the facts and a few variables that name nothing secret, no
 * capabilities, nothing to read, and a process group of its own, all of which ends with it. It is
 * started without a shell.
 *
 * <p>Safe for use by any thread that may block.
 */
public final class UserProgram {

    /** Of the daemon's own environment, which may hold passwords under any name. */
    private static final Set<String> HANDED_DOWN =
            Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    /** Makes a session, and with it a group; of util-linux or busybox, which every Linux has. */
    private static final String OWN_GROUP = "setsid";

    private static final File NOTHING = new File("/dev/null");
    private static final File ROOT = new File("/");

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration TIME_TO_CLEAN_UP = Duration.ofSeconds(2);

    /** prctl(2), linux/prctl.h. */
    private static final int PR_CAP_AMBIENT = 47;

    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    private final LibC libC;
    private final Map<String, String> environment = new HashMap<>();

    /**
     * @param environment the daemon's own, of which the program gets a few variables
     * @param further the names of variables that it gets besides
     */
    public UserProgram(LibC libC, Map<String, String> environment, Collection<String> further) {
        this.libC = libC;
        environment.forEach(
                (name, value) -> {
                    if (HANDED_DOWN.contains(name) || further.contains(name)) {
                        this.environment.put(name, value);
                    }
                });
    }

    /**
     * Runs it to its end. When its time is over, or nobody wants it any more, its group gets
     * SIGTERM and after two seconds SIGKILL; whatever it has left running gets SIGKILL.
     *
     * @param facts further variables
     * @param isWanted asked again and again while it runs
     * @throws InterruptedException when this thread is interrupted; its group has got SIGKILL then
     */
    public ProgramEnd run(
            List<String> command,
            Map<String, String> facts,
            Duration timeout,
            BooleanSupplier isWanted)
            throws InterruptedException {
        Process process;
        try {
            process = start(command, facts);
        } catch (IOException e) {
            return new ProgramEnd(How.NOT_STARTED, 0, String.valueOf(e.getMessage()));
        }
        try {
            return await(process, System.nanoTime() + timeout.toNanos(), isWanted);
        } finally {
            signal(process, SIGKILL);
            close(process.getInputStream());
        }
    }

    private static void close(InputStream written) {
        try {
            written.close();
        } catch (IOException closed) {
            // It is of no use any more.
        }
    }

    private ProgramEnd await(Process process, long endNanos, BooleanSupplier isWanted)
            throws InterruptedException {
        LastOutput output = new LastOutput();
        while (!hasEnded(process, output)) {
            How cut =
                    System.nanoTime() - endNanos > 0
                            ? How.TIMED_OUT
                            : isWanted.getAsBoolean() ? How.EXITED : How.UNWANTED;
            if (cut != How.EXITED) {
                signal(process, SIGTERM);
                endNanos = System.nanoTime() + TIME_TO_CLEAN_UP.toNanos();
                boolean hasEnded = false;
                while (!hasEnded && System.nanoTime() - endNanos < 0) {
                    hasEnded = hasEnded(process, output);
                }
                return new ProgramEnd(cut, 0, output.toString());
            }
        }
        int code = process.exitValue();
        // As shells say it, and setsid.
        boolean isStarted = code != 126 && code != 127;
        return new ProgramEnd(isStarted ? How.EXITED : How.NOT_STARTED, code, output.toString());
    }

    private static boolean hasEnded(Process process, LastOutput output)
            throws InterruptedException {
        boolean hasEnded = process.waitFor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        output.take(process.getInputStream());
        return hasEnded;
    }

    /** To its group, which it makes a moment after it was started: until then it is alone. */
    private void signal(Process process, int signal) {
        int group = -(int) process.pid();
        if (libC.kill(group, signal) < 0 && process.isAlive()) {
            if (signal == SIGKILL) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
            libC.kill(group, signal); // it may have made it in between
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
                        .redirectErrorStream(true);
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
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
}
