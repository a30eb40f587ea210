package org.vipmanager.provider;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.log.Printable;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Has a program of the user's route the address: docs/providers.md says how it is called.
 *
 * <p>It is run without a shell, with a bounded time and without this process's secrets. All of what
 * it has started ends with it.
 */
public final class CommandProvider implements Provider {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    /** Of what it writes, so much is kept. */
    private static final int MOST_OUTPUT = 4096;

    private static final int LONGEST_TROUBLE = 200;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final Duration TIME_TO_DIE = Duration.ofSeconds(2);

    /** Its exit codes, beside 0. */
    private static final int ELSEWHERE = 10;

    private static final int UNDER_WAY = 11;

    private final List<String> command;
    private final Duration timeout;

    /**
     * @param command the program and its arguments
     * @param timeout after which it is killed; also how long a switch may take that it says is
     *     under way
     */
    public CommandProvider(List<String> command, Duration timeout) {
        this.command = List.copyOf(command);
        this.timeout = timeout;
    }

    @Override
    public Answer state(Call call) {
        return new Answer(run("state", call, true), 1, 0);
    }

    @Override
    public Answer acquire(Call call) {
        return new Answer(
                call.isWanted()
                        ? run("acquire", call, true)
                        : failed("not started: this host does not lead any more"),
                0,
                1);
    }

    @Override
    public Answer release(Call call) {
        return new Answer(run("release", call, false), 0, 1);
    }

    private Answer.Outcome run(String action, Call call, boolean onlyWhileWanted) {
        Output output = new Output();
        Process process;
        try {
            process = start(action, call);
        } catch (IOException e) {
            return new Answer.Failed(
                    "provider-command cannot be started: " + e.getMessage(), Duration.ZERO, true);
        }
        try (InputStream written = process.getInputStream()) {
            long endNanos = System.nanoTime() + timeout.toNanos();
            boolean cut = false;
            while (!process.waitFor(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                output.take(written);
                cut = System.nanoTime() - endNanos > 0 || onlyWhileWanted && !call.isWanted();
                if (cut) {
                    break;
                }
            }
            output.take(written);
            if (cut) {
                kill(process);
                return failed(
                        call.isWanted() || !onlyWhileWanted
                                ? "provider-command %s did not end within %d ms and was killed"
                                        .formatted(action, timeout.toMillis())
                                : "provider-command %s was ended, as this host does not lead any more"
                                        .formatted(action));
            }
            return judged(action, process.exitValue(), output);
        } catch (IOException e) {
            return failed("provider-command " + action + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("provider-command " + action + " was ended, as the daemon stops");
        } finally {
            killNow(process);
        }
    }

    private Process start(String action, Call call) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.add(action);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Map<String, String> environment = builder.environment();
        // What is meant for this daemon: its settings, secrets among them, and systemd's sockets.
        environment
                .keySet()
                .removeIf(
                        name ->
                                name.startsWith("VIP_")
                                        || name.startsWith("VIPMANAGER_")
                                        || name.startsWith("WATCHDOG_")
                                        || name.equals("NOTIFY_SOCKET"));
        environment.put("PROVIDER_ACTION", action);
        environment.put("PROVIDER_ADDRESS", PrintedAddress.of(call.vip().address()));
        environment.put("PROVIDER_FAMILY", call.vip().isIpv6() ? "6" : "4");
        environment.put("PROVIDER_PREFIX_LENGTH", Integer.toString(call.vip().prefixLength()));
        environment.put("PROVIDER_INTERFACE", call.vip().interfaceName());
        environment.put("PROVIDER_KEY", call.trigger().key());
        environment.put("PROVIDER_VALUE", call.trigger().value());
        return builder.start();
    }

    private Answer.Outcome judged(String action, int code, Output output) {
        String said = output.lastLine();
        LOG.log(
                Level.DEBUG,
                "provider-command {0} ended with exit code {1}: {2}",
                action,
                code,
                Printable.line(output.toString(), MOST_OUTPUT));
        boolean looks = action.equals("state");
        if (code == 0) {
            return new Answer.Here();
        }
        if (code == ELSEWHERE && looks) {
            return new Answer.Elsewhere(said.isEmpty() ? "another host" : said);
        }
        if (code == UNDER_WAY) {
            return new Answer.Switching(
                    said.isEmpty() ? "provider-command says so" : said, timeout);
        }
        return failed(
                "provider-command %s ended with exit code %d%s"
                        .formatted(action, code, said.isEmpty() ? "" : ": " + said));
    }

    private static Answer.Failed failed(String trouble) {
        return new Answer.Failed(trouble, Duration.ZERO, false);
    }

    /** With what it has started; lets them clean up for a moment. */
    private static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> started = process.descendants().toList();
        started.forEach(ProcessHandle::destroy);
        process.destroy();
        process.waitFor(TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS);
        started.forEach(ProcessHandle::destroyForcibly);
    }

    private static void killNow(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** What a program has written; the end of it is kept. */
    private static final class Output {

        private final byte[] buffer = new byte[MOST_OUTPUT];
        private byte[] kept = new byte[0];

        /** What is there already; waits for nothing, as others may hold the pipe open for ever. */
        void take(InputStream in) throws IOException {
            for (int round = 0; round < 1024 && in.available() > 0; round++) {
                int count = in.read(buffer, 0, Math.min(buffer.length, in.available()));
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                all.writeBytes(kept);
                all.write(buffer, 0, Math.max(0, count));
                byte[] joined = all.toByteArray();
                int from = Math.max(0, joined.length - MOST_OUTPUT);
                kept = Arrays.copyOfRange(joined, from, joined.length);
            }
        }

        String lastLine() {
            String last =
                    toString()
                            .lines()
                            .filter(line -> !line.isBlank())
                            .reduce("", (_, line) -> line);
            return Printable.line(last.strip(), LONGEST_TROUBLE);
        }

        @Override
        public String toString() {
            return new String(kept, StandardCharsets.UTF_8);
        }
    }
}
