package org.vipmanager.cli;

import org.vipmanager.config.AbsentInterfaces;
import org.vipmanager.config.ConfigLoader;
import org.vipmanager.config.DistantPatroni;
import org.vipmanager.config.Effective;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.Mistake;
import org.vipmanager.config.Source;
import org.vipmanager.netlink.LinkService;
import org.vipmanager.posix.FfmLibC;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns arguments and environment into what is to be done; prints nothing and ends nothing. */
public final class CommandLine {

    /** Loads the configuration, prints the settings in effect, and ends. */
    private static final String CHECK = "check";

    private CommandLine() {}

    public static Outcome parse(String[] arguments, Map<String, String> environment) {
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
        switch (outcome) {
            case LoadOutcome.Refused refused -> mistakes.addAll(refused.mistakes());
            case LoadOutcome.Loaded loaded ->
                    loaded.config().notInThisVersion().ifPresent(mistakes::add);
        }
        if (!mistakes.isEmpty() || !(outcome instanceof LoadOutcome.Loaded loaded)) {
            return new Outcome.Refuse(List.copyOf(mistakes), List.copyOf(warnings));
        }
        LoadOutcome.Loaded all =
                new LoadOutcome.Loaded(
                        loaded.config(),
                        loaded.effective(),
                        loaded.interfaces(),
                        List.copyOf(warnings));
        return isCheck ? new Outcome.Print(report(all)) : new Outcome.Run(all, loader);
    }

    /** The Go program ignores words; one that looks like a command was meant to be one. */
    private static void judge(
            List<String> strays, boolean isCheck, List<Mistake> mistakes, List<String> warnings) {
        for (String word : strays) {
            if (!isCheck && isNearlyCheck(word)) {
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

    private static String report(LoadOutcome.Loaded loaded) {
        StringBuilder text = new StringBuilder();
        for (Effective effective : loaded.effective()) {
            Outcome.append(text, effective.toString());
        }
        List<String> warnings = new ArrayList<>(loaded.warnings());
        warnings.addAll(
                AbsentInterfaces.warnings(
                        loaded, name -> LinkService.isKnown(new FfmLibC(), name)));
        warnings.addAll(DistantPatroni.warnings(loaded));
        for (String warning : warnings) {
            Outcome.append(text, "warning: " + warning);
        }
        return text.append("The configuration can be used.\n").toString();
    }
}
