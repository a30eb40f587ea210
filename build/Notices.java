import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Writes whose work is shipped, and under which licence: {@code java build/Notices.java LIBRARIES}.
 * Fails on a library that nobody has looked at.
 */
final class Notices {

    private static final String APACHE = "Apache-2.0";

    /** By how the jar's name begins. */
    private static final Map<String, String> LICENCES =
            new TreeMap<>(
                    Map.of(
                            "commons-cli-", APACHE,
                            "failureaccess-", APACHE,
                            "grpc-", APACHE,
                            "gson-", APACHE,
                            "guava-", APACHE,
                            "jackson-core-", APACHE,
                            "perfmark-api-", APACHE,
                            "prometheus-metrics-", APACHE,
                            "protobuf-javalite-", "BSD-3-Clause",
                            "snakeyaml-engine-", APACHE));

    public static void main(String[] arguments) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        StringBuilder table = new StringBuilder();
        // By text, as many libraries have the same.
        Map<String, StringBuilder> owners = new LinkedHashMap<>();
        for (Path jar : jars) {
            String name = jar.getFileName().toString();
            String kind =
                    LICENCES.keySet().stream()
                            .filter(name::startsWith)
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    name
                                                            + ": add its licence to build/Notices.java"));
            table.append("%-40s %s%n".formatted(name, LICENCES.get(kind)));
            textsOf(jar).forEach((what, text) -> add(owners, text, name + ": " + what));
            Path own = Path.of("packaging/licenses", kind.replaceFirst("-$", ".txt"));
            if (Files.exists(own)) {
                add(owners, Files.readString(own), name);
            }
        }
        System.out.print(
                """
                vip-manager for Java is shipped with the work of others.

                The Java runtime (OpenJDK %s, %s): GNU General Public License, version 2, with the
                Classpath Exception; its texts and those of what it contains are in
                /usr/lib/vip-manager/runtime/legal. Its source is that of this release of OpenJDK.

                The libraries in /usr/lib/vip-manager/jars, without the classes that are not used here:

                %s
                """
                        .formatted(
                                System.getProperty("java.version"),
                                System.getProperty("java.vendor"),
                                table));
        owners.forEach(
                (text, whose) ->
                        System.out.print(
                                "\n%s\n%s\n%s\n".formatted("=".repeat(78), whose, text.strip())));
    }

    private static void add(Map<String, StringBuilder> owners, String text, String owner) {
        owners.computeIfAbsent(text.strip(), _ -> new StringBuilder()).append(owner).append('\n');
    }

    private static Map<String, String> textsOf(Path jar) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                String name = entry.getName();
                boolean isText = name.matches("META-INF/.*(LICENSE|NOTICE)[^/]*");
                // What the image leaves out of Netty, and what built it.
                if (isText && !name.matches(".*(boringssl|tomcat-native|mvn-wrapper).*")) {
                    byte[] bytes = zip.getInputStream(entry).readAllBytes();
                    texts.put(name, new String(bytes, StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }
}
