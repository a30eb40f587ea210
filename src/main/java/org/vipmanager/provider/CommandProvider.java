package org.vipmanager.provider;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.log.Printable;
import org.vipmanager.program.ProgramEnd;
import org.vipmanager.program.UserProgram;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Has a program of the user's route the address: docs/providers.md says how it is called. */
public final class CommandProvider implements Provider {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private static final int LONGEST_OUTPUT = 4096;

    /** Its exit codes, beside 0. */
    private static final int ELSEWHERE = 10;

    private static final int UNDER_WAY = 11;

    private final UserProgram program;
    private final List<String> command;
    private final Duration timeout;
    private final Consumer<String> counter;

    /** Counts nothing. */
    CommandProvider(UserProgram program, List<String> command, Duration timeout) {
        this(program, command, timeout, _ -> {});
    }

    /**
     * @param command the program and its arguments
     * @param timeout after which it is ended; also how long a switch may take that it says is under
     *     way
     * @param counter takes the exit code of each run
     */
    public CommandProvider(
            UserProgram program, List<String> command, Duration timeout, Consumer<String> counter) {
        this.program = program;
        this.command = List.copyOf(command);
        this.timeout = timeout;
        this.counter = counter;
    }

    @Override
    public Answer state(Call call) {
        return new Answer(run("state", call, call::isWanted), 1, 0);
    }

    @Override
    public Answer acquire(Call call) {
        return new Answer(
                call.mayChange()
                        ? run("acquire", call, call::isWanted)
                        : failed("not started: it is not certain any more that this host leads"),
                0,
                1);
    }

    @Override
    public Answer release(Call call) {
        return new Answer(run("release", call, () -> true), 0, 1);
    }

    private Answer.Outcome run(String action, Call call, BooleanSupplier isWanted) {
        List<String> line = new ArrayList<>(command);
        line.add(action);
        try {
            ProgramEnd end = program.run(line, facts(action, call), timeout, isWanted);
            counter.accept(
                    end.how() == ProgramEnd.How.EXITED
                            ? Integer.toString(end.exitCode())
                            : RequestCounts.NO_ANSWER);
            return judged(action, end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("provider-command " + action + " was ended, as the daemon stops");
        }
    }

    private static Map<String, String> facts(String action, Call call) {
        return Map.of(
                "PROVIDER_ACTION", action,
                "PROVIDER_ADDRESS", PrintedAddress.of(call.vip().address()),
                "PROVIDER_FAMILY", call.vip().isIpv6() ? "6" : "4",
                "PROVIDER_PREFIX_LENGTH", Integer.toString(call.vip().prefixLength()),
                "PROVIDER_INTERFACE", call.vip().interfaceName(),
                "PROVIDER_KEY", call.trigger().key(),
                "PROVIDER_VALUE", call.trigger().value());
    }

    private Answer.Outcome judged(String action, ProgramEnd end) {
        LOG.log(
                Level.DEBUG,
                "provider-command {0}: {1}, exit code {2}: {3}",
                action,
                end.how(),
                end.exitCode(),
                Printable.line(end.output(), LONGEST_OUTPUT));
        return switch (end.how()) {
            case NOT_STARTED ->
                    new Answer.Failed(
                            "provider-command %s cannot be started, or says so (exit code %d): %s"
                                    .formatted(action, end.exitCode(), end.lastLine()),
                            Duration.ZERO,
                            true);
            case TIMED_OUT ->
                    failed(
                            "provider-command %s did not end within %d ms and was killed"
                                    .formatted(action, timeout.toMillis()));
            case UNWANTED ->
                    failed(
                            "provider-command %s was ended, as this host does not lead any more"
                                    .formatted(action));
            case EXITED -> byCode(action, end.exitCode(), end.lastLine());
        };
    }

    private Answer.Outcome byCode(String action, int code, String said) {
        if (code == 0) {
            return new Answer.Here();
        }
        if (code == ELSEWHERE && action.equals("state")) {
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
}
