package org.vipmanager.cli;

import org.vipmanager.check.Check;
import org.vipmanager.check.Report;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.Mistake;
import org.vipmanager.config.Source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Turns arguments and environment into what is to be done; prints nothing and ends nothing. */
public final class CommandLine {

    /** Looks at everything that an address depends on, and ends. */
    private static final String CHECK = "check";

    private CommandLine() {}

    public static Outcome parse(String[] arguments, Map<String, String> environment) {
        if (arguments.length > 0 && arguments[0].equals(StatusCommand.NAME)) {
            return StatusCommand.parse(
                    Arrays.copyOfRange(arguments, 1, arguments.length), environment);
        }
        Flags flags = Flags.parse(arguments);
        if (flags.wantsHelp()) {
            return new Outcome.Print(Help.text());
        }
        if (flags.wantsVersion()) {
            return new Outcome.Print(Version.ofThisBuild().lines());
        }
        List<Mistake> mistakes = new ArrayList<>(flags.mistakes());
        List<String> warnings = new ArrayList<>();
        boolean isCheck = !flags.words().isEmpty() && flags.words().getFirst().equals(CHECK);
        List<String> strays =
                isCheck ? flags.words().subList(1, flags.words().size()) : flags.words();
        if (flags.mistakes().isEmpty()) {
            judge(strays, isCheck, mistakes, warnings);
        }
        ConfigLoader loader = new ConfigLoader(flags.settings(), environment);
        LoadOutcome outcome = loader.load();
        warnings.addAll(outcome.warnings());
        if (outcome instanceof LoadOutcome.Refused refused) {
            mistakes.addAll(refused.mistakes());
        }
        if (flags.wantsJson() && !isCheck) {
            mistakes.add(
                    new Mistake(
                            "--json",
                            "",
                            new Source.Flag("command line"),
                            "the daemon has no such flag",
                            "write " + CHECK + " --json"));
        }
        if (!mistakes.isEmpty() || !(outcome instanceof LoadOutcome.Loaded loaded)) {
            List<Mistake> wrong = List.copyOf(mistakes);
            List<String> odd = List.copyOf(warnings);
            return isCheck && flags.wantsJson()
                    ? new Outcome.Check(_ -> Report.refused(wrong, odd), true)
                    : new Outcome.Refuse(wrong, odd);
        }
        LoadOutcome.Loaded all =
                new LoadOutcome.Loaded(
                        loaded.config(),
                        loaded.effective(),
                        loaded.interfaces(),
                        List.copyOf(warnings));
        return isCheck
                ? new Outcome.Check(maker -> Check.of(all, maker), flags.wantsJson())
                : new Outcome.Run(all, loader);
    }

    /** The Go program ignores words; one that looks like a command was meant to be one. */
    private static void judge(
            List<String> strays, boolean isCheck, List<Mistake> mistakes, List<String> warnings) {
        for (String word : strays) {
            if (word.startsWith("stat")) {
                mistakes.add(
                        new Mistake(
                                word,
                                "",
                                new Source.Flag("command line"),
                                "a command must be the first word",
                                "write vip-manager " + StatusCommand.NAME + " ..."));
            } else if (!isCheck && isNearlyCheck(word)) {
                mistakes.add(
                        new Mistake(
                                word,
                                "",
                                new Source.Flag("command line"),
                                "unknown command",
                                "write " + CHECK + " if that is meant, or see --help"));
            } else {
                warnings.add(
                        "\""
                                + word
                                + "\" on the command line is ignored: "
                                + (isSwitchValue(word)
                                        ? "a switch takes its value in one word, such as --verbose="
                                                + word
                                        : "it is not a flag"));
            }
        }
    }

    private static boolean isSwitchValue(String word) {
        return word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false");
    }

    private static boolean isNearlyCheck(String word) {
        return word.startsWith("che") || word.equalsIgnoreCase(CHECK);
    }
}
