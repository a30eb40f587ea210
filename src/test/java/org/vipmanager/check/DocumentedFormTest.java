package org.vipmanager.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vipmanager.http.BoundedJson;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** docs/check.md describes what is printed: each item, each sign, and each name in the JSON. */
final class DocumentedFormTest {

    private static final Path PAGE = Path.of("docs/check.md");

    @Test
    void jsonHasTheDocumentedNamesAndTypes() throws IOException {
        Report report =
                new Report(
                        Given.settings().effective(),
                        List.of(
                                Finding.warning(Item.PRIVILEGES, "a \"quoted\" finding", "mend it"),
                                new Finding(Sign.GOOD, Item.KERNEL, "good", Optional.empty())));

        Map<String, String> written = new TreeMap<>();
        collect("", BoundedJson.read(report.json()), written);

        Map<String, String> documented = new TreeMap<>();
        table("schema").forEach(row -> documented.put(row.get(0), row.get(1)));
        assertThat(written).isEqualTo(documented);
    }

    @Test
    void everyItemAndEverySignIsDocumented() throws IOException {
        assertThat(table("items"))
                .extracting(List::getFirst)
                .containsExactlyElementsOf(Arrays.stream(Item.values()).map(Item::word).toList());
        assertThat(Arrays.stream(Sign.values()))
                .allSatisfy(
                        sign -> assertThat(PAGE).content().contains("| `" + sign.word() + "` |"));
    }

    private static void collect(String name, Object value, Map<String, String> types) {
        switch (value) {
            case Map<?, ?> object ->
                    object.forEach(
                            (key, inner) ->
                                    collect(
                                            name.isEmpty() ? "" + key : name + "." + key,
                                            inner,
                                            types));
            case List<?> array -> {
                types.put(name, "array");
                array.forEach(inner -> collect(name + "[]", inner, types));
            }
            case Long _ -> types.put(name, "number");
            case String _ -> types.put(name, "string");
            default -> types.put(name, value.getClass().getSimpleName());
        }
    }

    /** The rows of a table between two marks, without the marks of code. */
    private static List<List<String>> table(String mark) throws IOException {
        String page = Files.readString(PAGE);
        String marked =
                page.substring(
                        page.indexOf("<!-- " + mark + " -->"),
                        page.indexOf("<!-- /" + mark + " -->"));
        return marked.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1).replace("`", "").split("\\|"))
                .map(cells -> Arrays.stream(cells).map(String::strip).toList())
                .toList();
    }
}
