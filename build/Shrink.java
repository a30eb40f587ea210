import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes out of a folder's libraries the classes that the program cannot reach: {@code java
 * build/Shrink.java JARS PROGRAM}, where the program is named by its jar's file name.
 *
 * <p>Reached is what the program, or a class that it reaches, names anywhere in its constants: as a
 * class, in a descriptor or signature, or as text, as for {@code Class.forName}; and what {@code
 * META-INF/services} names. Names that are composed at run time would be missed: the tests of the
 * image, and all of the laboratory, run with what is left.
 */
final class Shrink {

    /**
     * Of the first of January 1980 ZipOutputStream would add the time by the zone of the machine.
     */
    private static final LocalDateTime SAME_IN_EACH_BUILD = LocalDateTime.of(1980, 2, 1, 0, 0);

    /**
     * Larger libraries are stored as they are: the package is packed anyhow, and by what packs
     * better, so that it becomes two megabytes smaller for six megabytes on the disk.
     */
    private static final long STORED_FROM_BYTES = 3_000_000;

    private static final Pattern NAME = Pattern.compile("[\\w$]+(?:[./][\\w$]+)+");

    public static void main(String[] arguments) throws IOException {
        Path program = Path.of(arguments[0], arguments[1]);
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        Map<String, List<byte[]>> classes = new TreeMap<>(); // for each release its own version
        List<String> named = new ArrayList<>();
        for (Path jar : jars) {
            for (Map.Entry<String, byte[]> file : read(jar).entrySet()) {
                if (isClass(file.getKey())) {
                    String name = className(file.getKey());
                    classes.computeIfAbsent(name, _ -> new ArrayList<>()).add(file.getValue());
                    if (jar.equals(program)) {
                        named.add(name);
                    }
                } else if (file.getKey().startsWith("META-INF/services/")) {
                    names(new String(file.getValue(), StandardCharsets.UTF_8)).forEach(named::add);
                }
            }
        }
        Set<String> kept = reached(classes, named);
        for (Path jar : jars) {
            if (!jar.equals(program)) {
                write(jar, kept);
            }
        }
    }

    private static Set<String> reached(Map<String, List<byte[]>> classes, List<String> named) {
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        Consumer<String> reach =
                name -> {
                    if (classes.containsKey(name) && reached.add(name)) {
                        open.push(name);
                    }
                };
        named.forEach(reach);
        while (!open.isEmpty()) {
            for (byte[] version : classes.get(open.pop())) {
                for (PoolEntry entry : ClassFile.of().parse(version).constantPool()) {
                    if (entry instanceof Utf8Entry text) { // what every other entry is made of
                        names(text.stringValue()).forEach(reach);
                    }
                }
            }
        }
        return reached;
    }

    /** Everything in a text that may be a class's name: "Lorg/a/B;", "org.a.B", "[Lorg/a/B$C;". */
    private static Stream<String> names(String text) {
        return NAME.matcher(text)
                .results()
                .map(match -> match.group().replace('.', '/'))
                .flatMap(name -> Stream.of(name, name.substring(1)));
    }

    /** Its files by their names, in their order. */
    private static Map<String, byte[]> read(Path jar) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return files;
    }

    private static void write(Path jar, Set<String> kept) throws IOException {
        Map<String, byte[]> files = read(jar);
        files.keySet()
                .removeIf(
                        name ->
                                name.endsWith("/")
                                        || isClass(name) && !kept.contains(className(name)));
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.setLevel(bytes(files) < STORED_FROM_BYTES ? 9 : 0);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(SAME_IN_EACH_BUILD);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
    }

    private static long bytes(Map<String, byte[]> files) {
        return files.values().stream().mapToLong(file -> file.length).sum();
    }

    private static boolean isClass(String file) {
        return file.endsWith(".class") && !file.endsWith("module-info.class");
    }

    /** Of a release's own version as of the general one. */
    private static String className(String file) {
        return file.replaceFirst("^META-INF/versions/\\d+/", "").replaceFirst("\\.class$", "");
    }
}
