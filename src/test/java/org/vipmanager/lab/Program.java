package org.vipmanager.lab;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that holds the address: ours, or the Go program that it replaces.
 *
 * @param name for tables
 * @param command how it is started, before its flags
 */
record Program(String name, List<String> command) {

    /** What a daemon needs that is not root. */
    static final String CAPABILITIES = "+net_admin,+net_raw";

    private static final Path IMAGE = Path.of("target/image/bin/vip-manager");

    /**
     * The built image, or the classes under test when there is none; {@code -Dlab.program=classes}
     * insists on these, a path names another program, and {@code -Dlab.program=go} runs the
     * scenarios with the Go program, of which many must then fail. {@code -Dlab.nobody=true} runs
     * it as user nobody with the two capabilities that it needs.
     */
    static Program underTest() {
        return chosen().asChosenUser();
    }

    /** The same, started by a script of that user's own that ends in {@code exec "$@"}. */
    static Program underTestWithin(String script) {
        return chosen().within(script).asChosenUser();
    }

    private static Program chosen() {
        return switch (System.getProperty("lab.program", "")) {
            case "go" -> go();
            case "classes" -> classes();
            case String path when path.startsWith("/") -> new Program("vip-manager", List.of(path));
            default -> Files.isExecutable(IMAGE) ? image() : classes();
        };
    }

    /** What it is read from: a Java runtime with all that it has, or a single file. */
    static Path filesUnderTest() {
        Path executable = Path.of(chosen().command.getFirst());
        Path home = executable.resolve("../..").normalize();
        return Stream.of("lib/vip-manager/runtime", "lib/modules")
                        .map(home::resolve)
                        .anyMatch(Files::exists)
                ? home
                : executable;
    }

    private Program asChosenUser() {
        return Boolean.getBoolean("lab.nobody") ? asNobody(CAPABILITIES) : this;
    }

    /** vip-manager 5.0.0 as Debian's package vip-manager2 has it. */
    static Program go() {
        return new Program(
                "vip-manager2", List.of(Servers.program("vip-manager2", "vip-manager").toString()));
    }

    /** The first word of its command. */
    Path executable() {
        return Path.of(command.getFirst());
    }

    boolean isGo() {
        return name.equals("vip-manager2");
    }

    /** The same, started by a shell script that ends in {@code exec "$@"}. */
    Program within(String script) {
        return before(List.of("sh", "-c", script, "sh"));
    }

    /** The same as user nobody, with the given capabilities: {@code +net_admin,+net_raw}. */
    Program asNobody(String capabilities) {
        return before(
                List.of(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "--inh-caps=-all," + capabilities,
                        "--ambient-caps=-all," + capabilities));
    }

    private Program before(List<String> prefix) {
        return new Program(name, Stream.concat(prefix.stream(), command.stream()).toList());
    }

    static boolean hasImage() {
        return Files.isExecutable(IMAGE);
    }

    /** A copy of the image, in that folder. */
    static Program imageIn(Path folder) {
        return new Program("vip-manager", List.of(folder.resolve("bin/vip-manager").toString()));
    }

    private static Program image() {
        return imageIn(Path.of("target/image").toAbsolutePath());
    }

    private static Program classes() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        String absolute =
                String.join(
                        File.pathSeparator,
                        List.of(path.split(File.pathSeparator)).stream()
                                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                                .toList());
        return new Program(
                "vip-manager (classes)",
                List.of(
                        java,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        absolute,
                        "org.vipmanager.Main"));
    }
}
