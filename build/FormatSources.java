import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Formats this project's Java files, or tells which ones are not formatted.
 *
 * <p>The build runs it as a program of its own (see pom.xml), because google-java-format reads Java
 * 25 only on a JDK 25 while Maven may run on an older one: {@code java -cp google-java-format.jar
 * build/FormatSources.java --check|--write}.
 */
final class FormatSources {

    public static void main(String[] arguments) throws IOException {
        String mode = arguments.length == 1 ? arguments[0] : "";
        // Reflowing long strings is left out: its outcome is not always the same the second time.
        List<String> command = new ArrayList<>(List.of("--aosp", "--skip-reflowing-long-strings"));
        switch (mode) {
            case "--check" -> command.addAll(List.of("--dry-run", "--set-exit-if-changed"));
            case "--write" -> command.add("--replace");
            default -> fail("usage: FormatSources --check|--write");
        }
        List<String> files = new ArrayList<>();
        for (String folder : List.of("src", "build")) {
            try (var paths = Files.walk(Path.of(folder))) {
                paths.filter(path -> path.toString().endsWith(".java"))
                        .map(Path::toString)
                        .sorted()
                        .forEach(files::add);
            }
        }
        if (files.stream().noneMatch(file -> file.startsWith("src"))) {
            fail("no Java files below " + Path.of("src").toAbsolutePath());
        }
        command.addAll(files);

        ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
        int outcome = formatter.run(System.out, System.err, command.toArray(String[]::new));
        if (outcome != 0) {
            fail(
                    mode.equals("--check")
                            ? "the files above are not formatted: run `make format`"
                            : "formatting failed");
        }
        System.out.println(files.size() + " Java files are formatted");
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
