import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

/**
 * Tells what a second run of a failed live test would hide: {@code java build/LabVerdict.java
 * --begin} before the tests forgets earlier runs. {@code --end SKIPPED FLOOR TESTS} after them
 * prints each flake with its reason, and fails with every violation of safety, whatever the second
 * run showed; also when the tests were not skipped and did not run, or fewer of them than the floor
 * although no single ones were asked for. {@code --compare OURS THEIRS} makes a table of the
 * reports in two folders.
 */
final class LabVerdict {

    private static final Path VIOLATIONS = Path.of("target", "lab-violations.txt");
    private static final String STOOD = "stands";
    private static final String FAILS = "**fails**: ";
    private static final String NOT_RUN = "not run";
    private static final Path REPORTS = Path.of("target", "failsafe-reports");
    private static final Path SUMMARY = REPORTS.resolve("live-summary.xml");

    public static void main(String[] arguments) throws IOException {
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "--begin" -> forget();
            case "--end" -> {
                tell();
                if (!Boolean.parseBoolean(arguments[1])) {
                    // What Maven has not replaced was not given.
                    String tests = arguments[3];
                    boolean whole =
                            tests.isEmpty() || tests.startsWith("${") || tests.contains("*LiveIT");
                    demand(whole ? Integer.parseInt(arguments[2]) : 1);
                }
            }
            case "--compare" -> compare(Path.of(arguments[1]), Path.of(arguments[2]));
            default -> throw new IllegalArgumentException("see the comment of this class");
        }
    }

    private static void forget() throws IOException {
        Files.deleteIfExists(VIOLATIONS);
        Files.deleteIfExists(SUMMARY);
        for (Path report : liveReports(REPORTS)) {
            Files.delete(report);
        }
    }

    private static void tell() throws IOException {
        for (Path report : liveReports(REPORTS)) {
            flakes(report).forEach(System.out::println);
        }
        if (Files.exists(VIOLATIONS)) {
            System.err.println("SAFETY WAS VIOLATED, whatever a second run showed:");
            Files.readAllLines(VIOLATIONS).forEach(line -> System.err.println("  " + line));
            System.exit(1);
        }
    }

    /** What did not run has not failed either. */
    private static void demand(int floor) {
        if (!Files.exists(SUMMARY)) {
            System.err.println("THE LIVE TESTS DID NOT RUN: there is no " + SUMMARY);
            System.exit(1);
        }
        Element summary = parse(SUMMARY);
        int ran = count(summary, "completed") - count(summary, "skipped");
        if (ran < floor) {
            System.err.printf("ONLY %d LIVE TESTS RAN, and not %d or more%n", ran, floor);
            System.exit(1);
        }
    }

    private static int count(Element summary, String name) {
        return Integer.parseInt(elements(summary, name).get(0).getTextContent().strip());
    }

    private static void compare(Path ours, Path theirs) throws IOException {
        Map<String, String> first = outcomes(ours);
        Map<String, String> second = outcomes(theirs);
        System.out.printf(
                "Of %d scenarios ours fails in %d, vip-manager 5.0.0 in %d.%n%n",
                first.size(), failed(first), failed(second));
        System.out.println("| scenario | ours | vip-manager 5.0.0 |\n| --- | --- | --- |");
        first.forEach(
                (name, outcome) ->
                        System.out.printf(
                                "| %s | %s | %s |%n",
                                name, outcome, second.getOrDefault(name, NOT_RUN)));
    }

    private static long failed(Map<String, String> outcomes) {
        return outcomes.values().stream().filter(outcome -> outcome.startsWith(FAILS)).count();
    }

    /** What became of each test: that it stood, or why not. */
    private static Map<String, String> outcomes(Path folder) throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        for (Path report : liveReports(folder)) {
            for (Element test : elements(parse(report), "testcase")) {
                Stream.of("failure", "error")
                        .flatMap(kind -> elements(test, kind).stream())
                        .map(LabVerdict::reason)
                        .findFirst()
                        .ifPresentOrElse(
                                reason -> outcomes.put(name(test), failed(reason)),
                                () -> outcomes.put(name(test), stood(test)));
            }
        }
        return outcomes;
    }

    private static String stood(Element test) {
        return elements(test, "skipped").isEmpty() ? STOOD : NOT_RUN;
    }

    private static String failed(String reason) {
        return FAILS + reason.replaceFirst(": see target/lab/.*", "");
    }

    private static List<Path> liveReports(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
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
