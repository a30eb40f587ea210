package org.vipmanager.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The documents as a reader finds his way in them: short pages, an index, links that lead
 * somewhere.
 */
final class DocumentsTest {

    private static final Path FOLDER = Path.of("docs");
    private static final Path INDEX = Path.of("README.md");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+\\.md)(?:#([^)]*))?\\)");

    @Test
    void noPageIsLongerThanTwoHundredLines() throws IOException {
        for (Path page : pages()) {
            assertThat(Files.readAllLines(page)).as(page.toString()).hasSizeLessThanOrEqualTo(200);
        }
    }

    @Test
    void indexHasEveryPage() throws IOException {
        String index = Files.readString(INDEX);

        assertThat(pages()).allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
    }

    @Test
    void linksLeadToAPageAndAHeading() throws IOException {
        for (Path page : Stream.concat(Stream.of(INDEX), pages().stream()).toList()) {
            Path folder = page.toAbsolutePath().getParent();
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                Path target = folder.resolve(link.group(1));
                assertThat(target).as(page + ": " + link.group()).exists();
                if (link.group(2) != null) {
                    assertThat(anchors(target))
                            .as(page + ": " + link.group())
                            .contains(link.group(2));
                }
            }
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    /** As they are made of headings: lower case, dashes for spaces, nothing else. */
    private static List<String> anchors(Path page) throws IOException {
        return Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(java.util.Locale.ROOT))
                .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }
}
