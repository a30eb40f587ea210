package org.vipmanager.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a program and its arguments: a list in the file, or one text that is split at blanks, where
 * single or double quotes hold together what belongs together. No shell has a part in it.
 */
final class CommandWords {

    private final Values values;
    private final Setting setting;
    private final Given given;

    private CommandWords(Values values, Setting setting, Given given) {
        this.values = values;
        this.setting = setting;
        this.given = given;
    }

    /** At least the program; what is wrong with them becomes a mistake. */
    static List<String> of(Values values, Setting setting, Given given) {
        return new CommandWords(values, setting, given).read();
    }

    private List<String> read() {
        List<String> words =
                given.isList() ? given.items().stream().map(Given.Item::text).toList() : split();
        if (words.isEmpty() || !words.getFirst().startsWith("/")) {
            values.wrong(
                    setting,
                    given,
                    "does not begin with a slash",
                    "write the whole path of the program, such as " + setting.example());
        }
        if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            values.wrong(setting, given, "has a zero byte", "leave it out");
        }
        return List.copyOf(words);
    }

    private List<String> split() {
        List<String> words = new ArrayList<>();
        Optional<StringBuilder> word = Optional.empty();
        char quote = 0;
        String text = given.text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                word = Optional.of(word.orElseGet(StringBuilder::new));
            } else if (quote == 0 && Character.isWhitespace(c)) {
                word.ifPresent(ended -> words.add(ended.toString()));
                word = Optional.empty();
            } else {
                word = Optional.of(word.orElseGet(StringBuilder::new).append(c));
            }
        }
        word.ifPresent(ended -> words.add(ended.toString()));
        if (quote != 0) {
            values.wrong(setting, given, "has a quotation mark that nothing closes", "close it");
        }
        return words;
    }
}
