package org.vipmanager.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.dcs.etcd.EtcdFailure;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * docs/troubleshooting.md quotes the log as it is: each quotation is in the source, and each reason
 * that an address has to come or go is explained.
 */
final class TroubleshootingTest {

    private static final Path PAGE = Path.of("docs/troubleshooting.md");
    private static final Path SOURCE = Path.of("src/main/java");

    /** Between two halves of one sentence, or of a text and what is put into it. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** From a level to the end of the statement, where a text is in between. */
    private static final Pattern LOGGED =
            Pattern.compile(
                    "Level\\.(?:WARNING|ERROR),(?:[^;\"]|" + TEXT.pattern() + ")*?\\);",
                    Pattern.DOTALL);

    @Test
    void everyQuotationIsInTheSource() throws IOException {
        StringBuilder source = new StringBuilder();
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                source.append(Files.readString(file));
            }
        }
        String sentences = JOINT.matcher(source).replaceAll("");

        assertThat(quotations()).hasSizeGreaterThan(40);
        assertThat(quotations())
                .flatExtracting(TroubleshootingTest::parts)
                .allSatisfy(part -> assertThat(sentences).contains(part));
    }

    private static List<Pattern> explained() throws IOException {
        return quotations().stream()
                .map(
                        quotation ->
                                Arrays.stream(quotation.split("…", -1))
                                        .map(String::strip)
                                        .map(part -> part.isEmpty() ? "" : Pattern.quote(part))
                                        .reduce((one, other) -> one + ".*" + other)
                                        .orElseThrow())
                .map(Pattern::compile)
                .toList();
    }

    @Test
    void everyReasonIsExplained() throws IOException {
        List<Pattern> explained = explained();

        assertThat(ReasonTextTest.all())
                .extracting(ReasonTextTest.Told::sentence)
                .allSatisfy(
                        sentence ->
                                assertThat(isMatched(sentence, explained)).as(sentence).isTrue());
        assertThat(
                        Arrays.stream(EtcdFailure.Kind.values())
                                .filter(TroubleshootingTest::isForPeople))
                .extracting(
                        kind -> new EtcdFailure(kind, URI.create("http://e:2379"), "").sentence())
                .allSatisfy(
                        sentence ->
                                assertThat(isMatched(sentence, explained)).as(sentence).isTrue());
    }

    /** What is written where it is logged; other sentences are made of reasons, as above. */
    @Test
    void everyWarningAndErrorOfTheSourceIsExplained() throws IOException {
        List<Pattern> explained = explained();
        List<String> sentences = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher logged = LOGGED.matcher(Files.readString(file));
                while (logged.find()) {
                    sentences.add(sentence(logged.group()));
                }
                sentences.removeIf(sentence -> sentence.replace("…", "").isBlank());
            }
        }

        assertThat(sentences).hasSizeGreaterThan(25);
        assertThat(sentences)
                .allSatisfy(
                        sentence ->
                                assertThat(isMatched(sentence, explained)).as(sentence).isTrue());
    }

    /** Its texts, with a mark for each value between them. */
    private static String sentence(String code) {
        StringBuilder sentence = new StringBuilder();
        Matcher text = TEXT.matcher(JOINT.matcher(code).replaceAll(""));
        while (text.find()) {
            sentence.append(text.group(1).replace("\\\"", "\"")).append('…');
        }
        return sentence.toString();
    }

    /** The others are over when the next attempt has succeeded. */
    private static boolean isForPeople(EtcdFailure.Kind kind) {
        return switch (kind) {
            case UNREACHABLE,
                    SILENT,
                    NO_LEADER,
                    LOGIN_REFUSED,
                    PERMISSION_DENIED,
                    TLS,
                    ENDED,
                    UNEXPECTED ->
                    true;
            case COMPACTED, TOKEN_EXPIRED -> false;
        };
    }

    /** Whether the page has a row for it. */
    static boolean isExplained(String sentence) throws IOException {
        return isMatched(sentence, explained());
    }

    private static boolean isMatched(String sentence, List<Pattern> explained) {
        return explained.stream().anyMatch(pattern -> pattern.matcher(sentence).find());
    }

    private static List<String> parts(String quotation) {
        return Arrays.stream(quotation.split("…"))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** The first column of the tables. */
    private static List<String> quotations() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
    }
}
