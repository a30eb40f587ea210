package org.vipmanager;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Starts a class of the tests as the program is started: with the memory that it is shipped with.
 */
public final class ShippedFlags {

    private static final Pattern FLAG = Pattern.compile("-X(?!log)\\S+");

    private ShippedFlags() {}

    /** The process, whose standard error goes to its standard output. */
    public static Process start(Class<?> main, List<String> arguments) throws IOException {
        return start(main, arguments, "");
    }

    /** The same, with classes that are taken before those of the program. */
    public static Process startBehind(Path classes, Class<?> main, List<String> arguments)
            throws IOException {
        return start(main, arguments, classes + File.pathSeparator);
    }

    private static Process start(Class<?> main, List<String> arguments, String before)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(flags());
        String forked = System.getProperty("java.class.path");
        String classes = System.getProperty("surefire.test.class.path", forked);
        command.addAll(List.of("--class-path", before + classes, main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static List<String> flags() throws IOException {
        String script = Files.readString(Path.of("packaging/start"));
        String start = script.substring(script.indexOf("exec \"$home/runtime"));
        List<String> flags = FLAG.matcher(start).results().map(MatchResult::group).toList();
        if (flags.stream().noneMatch(flag -> flag.startsWith("-Xmx"))) {
            throw new IllegalStateException("no memory is given in " + start);
        }
        return flags;
    }
}
