package org.vipmanager;

import org.vipmanager.check.Report;
import org.vipmanager.cli.CommandLine;
import org.vipmanager.cli.Outcome;
import org.vipmanager.daemon.Daemon;
import org.vipmanager.daemon.Providers;
import org.vipmanager.daemon.Signals;
import org.vipmanager.log.Logging;

import java.io.Console;

/**
 * The entry point: turns the command line into a run of the daemon, and its end into an exit code.
 */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Signals signals = Signals.caught();
        ExitCode code =
                switch (CommandLine.parse(arguments, System.getenv())) {
                    case Outcome.Run run ->
                            Daemon.run(run.loaded(), run.loader(), System.getenv(), signals);
                    case Outcome.Ask ask -> ask.command().run(System.out, System.err);
                    case Outcome.Print print -> print(print.text());
                    case Outcome.Check check -> check(check);
                    case Outcome.Refuse refuse -> refuse(refuse.text());
                };
        // Not exit(): nothing is left to be done, and no shutdown hook may delay the end.
        Runtime.getRuntime().halt(code.number());
    }

    private static ExitCode print(String text) {
        System.out.print(text);
        System.out.flush();
        return ExitCode.STOPPED_ON_REQUEST;
    }

    private static ExitCode check(Outcome.Check check) {
        Logging.silence(); // the report says it all
        Report report = check.looking().apply(Providers::forCheck);
        Console terminal = System.console();
        boolean colours =
                terminal != null
                        && terminal.isTerminal()
                        && System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
        print(check.json() ? report.json() : report.text(colours));
        return report.exitCode();
    }

    private static ExitCode refuse(String text) {
        System.err.print(text);
        System.err.flush();
        return ExitCode.CONFIGURATION;
    }
}
