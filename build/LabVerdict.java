import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/**
 * Tells what a second run of a failed live test would hide: {@code java build/LabVerdict.java
 * --begin} before the tests forgets earlier runs, {@code --end} after them prints each flake with
 * its reason, and fails with every violation of safety, whatever the second run showed.
 */
final class LabVerdict {

    private static final Path VIOLATIONS = Path.of("target", "lab-violations.txt");
    private static final Path REPORTS = Path.of("target", "failsafe-reports");

    public static void main(String[] arguments) throws IOException {
        switch (arguments.length == 1 ? arguments[0] : "") {
            case "--begin" -> forget();
            case "--end" -> tell();
            default -> throw new IllegalArgumentException("usage: LabVerdict --begin|--end");
        }
    }

    private static void forget() throws IOException {
        Files.deleteIfExists(VIOLATIONS);
        for (Path report : liveReports()) {
            Files.delete(report);
        }
    }

    private static void tell() throws IOException {
        for (Path report : liveReports()) {
            flakes(report).forEach(System.out::println);
        }
        if (Files.exists(VIOLATIONS)) {
            System.err.println("SAFETY WAS VIOLATED, whatever a second run showed:");
            Files.readAllLines(VIOLATIONS).forEach(line -> System.err.println("  " + line));
            System.exit(1);
        }
    }

    private static List<Path> liveReports() throws IOException {
        if (!Files.isDirectory(REPORTS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(REPORTS)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*IT\\.xml"))
                    .sorted()
                    .toList();
        }
    }

    /** A test that failed first and then passed, as the report has it: one line each. */
    private static List<String> flakes(Path report) {
        List<String> lines = new ArrayList<>();
        for (Element test : elements(parse(report), "testcase")) {
            Stream.of("flakyFailure", "flakyError")
                    .flatMap(kind -> elements(test, kind).stream())
                    .map(failure -> "FLAKE " + name(test) + ": " + reason(failure))
                    .forEach(lines::add);
        }
        return lines;
    }

    private static Element parse(Path report) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getDocumentElement();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(report + " cannot be read", e);
        }
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static String name(Element test) {
        String type = test.getAttribute("classname");
        return type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name");
    }

    private static String reason(Element failure) {
        String message = failure.getAttribute("message");
        return (message.isEmpty() ? failure.getAttribute("type") : message)
                .strip()
                .replaceAll("\\s+", " ");
    }
}
