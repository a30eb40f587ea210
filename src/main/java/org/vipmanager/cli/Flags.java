package org.vipmanager.cli;

import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.vipmanager.config.Kind;
import org.vipmanager.config.Mistake;
import org.vipmanager.config.Setting;
import org.vipmanager.config.Settings;
import org.vipmanager.config.Source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments, taken apart. Flags are written as the Go program takes them: {@code --name value}
 * or {@code --name=value}; of a repeated one the last counts.
 *
 * @param settings the text of each flag that was given, by the name of its setting
 * @param words what unknown flag
 * @param wantsHelp {@code --help} is among them
 * @param wantsVersion {@code --version} is among them
 * @param wantsJson {@code --json} is among them
 * @param mistakes flags that do not exist or lack a value
 */
record Flags(
        Map<String, String> settings,
        List<String> words,
        boolean wantsHelp,
        boolean wantsVersion,
        boolean wantsJson,
        List<Mistake> mistakes) {

    private static final String JSON = "json";
    private static final String HELP = "help";
    private static final String VERSION = "version";

    static Flags parse(String[] arguments) {
        Options options = options();
        List<String> left = new ArrayList<>();
        for (String argument : arguments) {
            left.add(isBareSwitch(argument) ? argument + "=true" : argument);
        }
        List<Mistake> mistakes = new ArrayList<>();
        // The library stops at the first mistake: go on without it until there is none.
        while (true) {
            try {
                return parsed(options, left, mistakes);
            } catch (UnrecognizedOptionException e) {
                mistakes.add(unknown(e.getOption()));
                left.remove(e.getOption());
            } catch (MissingArgumentException e) {
                String flag = "--" + e.getOption().getLongOpt();
                mistakes.add(
                        new Mistake(
                                e.getOption().getLongOpt(),
                                "",
                                new Source.Flag(flag),
                                "has no value",
                                "write it after the flag"));
                forget(left, flag);
            } catch (ParseException e) {
                throw new IllegalStateException("the options have no other rules", e);
            }
        }
    }

    private static void forget(List<String> arguments, String flag) {
        for (int i = arguments.size() - 1; i >= 0; i--) {
            if (arguments.get(i).equals(flag) || arguments.get(i).equals(flag.substring(1))) {
                arguments.remove(i);
                return;
            }
        }
        throw new IllegalStateException(flag + " lacks a value and is not there");
    }

    /**
     * A switch takes its value only after an equals sign: the next word is none of its business.
     */
    private static boolean isBareSwitch(String argument) {
        for (Setting setting : Settings.ALL) {
            if (setting.kind() == Kind.SWITCH && argument.equals(setting.flag())) {
                return true;
            }
        }
        return false;
    }

    private static Options options() {
        Options options = new Options();
        for (Setting setting : Settings.ALL) {
            options.addOption(Option.builder().longOpt(setting.name()).hasArg().get());
        }
        options.addOption(Option.builder("h").longOpt(HELP).get());
        options.addOption(Option.builder().longOpt(VERSION).get());
        options.addOption(Option.builder().longOpt(JSON).get());
        return options;
    }

    private static Flags parsed(Options options, List<String> arguments, List<Mistake> mistakes)
            throws ParseException {
        var line =
                DefaultParser.builder()
                        .setAllowPartialMatching(false)
                        .setStripLeadingAndTrailingQuotes(false)
                        .get()
                        .parse(options, arguments.toArray(String[]::new));
        Map<String, String> settings = new HashMap<>();
        for (Option option : line.getOptions()) {
            if (option.hasArg()) {
                settings.put(option.getLongOpt(), option.getValuesList().getLast());
            }
        }
        return new Flags(
                Map.copyOf(settings),
                List.copyOf(line.getArgList()),
                line.hasOption(HELP),
                line.hasOption(VERSION),
                line.hasOption(JSON),
                List.copyOf(mistakes));
    }

    private static Mistake unknown(String written) {
        int equals = written.indexOf('=');
        String flag = equals < 0 ? written : written.substring(0, equals);
        Optional<String> meant = Settings.nearest(flag.replaceFirst("^-+", ""));
        return new Mistake(
                flag,
                "",
                new Source.Flag("command line"),
                "unknown flag",
                meant.map(name -> "write --" + name + " if that is meant, or see --help")
                        .orElse("see --help"));
    }
}
