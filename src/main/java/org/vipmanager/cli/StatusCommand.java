package org.vipmanager.cli;

import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;
import org.vipmanager.ExitCode;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.ControlSocketChoice;
import org.vipmanager.config.Mistake;
import org.vipmanager.config.Source;
import org.vipmanager.http.BoundedJson;
import org.vipmanager.log.Printable;
import org.vipmanager.status.StatusValue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code vip-manager status}: asks the running daemon, and shows what it says.
 *
 * <p>Exit codes: 0 shown, 1 the daemon cannot be asked or does not know the address, 2 a mistake on
 * the command line.
 *
 * @param socket where the daemon listens
 * @param isGiven whether somebody said so
 * @param isJson whether the document itself is shown
 * @param isWatch whether it is shown again and again
 * @param why the address to explain
 */
public record StatusCommand(
        Path socket, boolean isGiven, boolean isJson, boolean isWatch, @Nullable String why) {

    static final String NAME = "status";

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** Two thousand addresses with all that is told of them. */
    private static final int MOST_VALUES = 200_000;

    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";
    private static final String CLEAR = "\u001b[2J";

    private static final String HELP =
            """
            Usage: vip-manager status [--json] [--watch] [--why ADDRESS]
                                      [--control-socket FILE | --config FILE]

            Asks the running daemon what it holds, why, and until when.

              --json           the whole document; docs/status.md describes it
              --watch          again every second, until Ctrl-C
              --why ADDRESS    why this address is here, or is not
              --control-socket FILE
                               the daemon's socket (VIP_CONTROL_SOCKET), by default
                               /run/vip-manager/control.sock
              --config FILE    where the daemon's control-socket is written, if not there

            Exit code 0: shown; 1: no daemon could be asked, or it does not have that
            address; 2: a mistake on the command line.
            """;

    static Outcome parse(String[] arguments, Map<String, String> environment) {
        Options options = new Options();
        options.addOption("h", "help", false, "");
        for (String name : List.of("json", "watch")) {
            options.addOption(Option.builder().longOpt(name).get());
        }
        for (String name : List.of("why", "control-socket", "config")) {
            options.addOption(Option.builder().longOpt(name).hasArg().get());
        }
        try {
            var line =
                    DefaultParser.builder()
                            .setAllowPartialMatching(false)
                            .get()
                            .parse(options, arguments);
            if (line.hasOption("help")) {
                return new Outcome.Print(HELP);
            }
            if (!line.getArgList().isEmpty()) {
                return refuse("\"" + line.getArgList().getFirst() + "\" is no flag of status");
            }
            Map<String, String> flags = new HashMap<>();
            for (String name : List.of("control-socket", "config")) {
                if (line.hasOption(name)) {
                    flags.put(name, line.getOptionValue(name));
                }
            }
            return command(
                    new ConfigLoader(flags, environment).controlSocket(),
                    line.hasOption("json"),
                    line.hasOption("watch"),
                    line.getOptionValue("why"));
        } catch (ParseException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private static Outcome command(
            ControlSocketChoice socket, boolean json, boolean watch, @Nullable String why) {
        if (!socket.mistakes().isEmpty()) {
            return new Outcome.Refuse(socket.mistakes(), List.of());
        }
        return socket.path()
                .<Outcome>map(
                        path ->
                                new Outcome.Ask(
                                        new StatusCommand(
                                                path, socket.isGiven(), json, watch, why)))
                .orElseGet(() -> refuse("control-socket is off: this daemon cannot be asked"));
    }

    private static Outcome refuse(String problem) {
        return new Outcome.Refuse(
                List.of(
                        new Mistake(
                                NAME,
                                "",
                                new Source.Flag("command line"),
                                problem,
                                "see vip-manager status --help")),
                List.of());
    }

    /** Runs until all is shown. */
    public ExitCode run(PrintStream out, PrintStream err) {
        StatusClient client = new StatusClient(socket, isGiven);
        Terminal terminal = Terminal.ofStandardOutput(System.getenv());
        if (!isWatch) {
            return look(client, terminal, out, err);
        }
        if (terminal.isOne()) {
            out.print(CLEAR);
        }
        try {
            while (!out.checkError()) {
                if (terminal.isOne()) {
                    out.print(HOME_AND_CLEAR);
                }
                look(client, terminal, out, out);
                out.flush();
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.STOPPED_ON_REQUEST;
    }

    private ExitCode look(
            StatusClient client, Terminal terminal, PrintStream out, PrintStream err) {
        try {
            String document = client.read();
            if (isJson && why == null) {
                out.print(document);
                return ExitCode.STOPPED_ON_REQUEST;
            }
            StatusTable table = new StatusTable(parsed(document), terminal);
            String text = why == null ? table.whole() : table.why(why).orElse("");
            if (text.isEmpty()) {
                tell("this daemon does not have the address " + why, err);
                return ExitCode.FAILED;
            }
            out.print(text);
            return ExitCode.STOPPED_ON_REQUEST;
        } catch (IOException e) {
            tell(String.valueOf(e.getMessage()), err);
            return ExitCode.FAILED;
        } finally {
            out.flush();
        }
    }

    private static StatusValue parsed(String document) throws IOException {
        return StatusValue.of(BoundedJson.read(document, MOST_VALUES));
    }

    private static void tell(String trouble, PrintStream to) {
        to.println("error: " + Printable.line(trouble, Outcome.LONGEST_LINE));
    }
}
