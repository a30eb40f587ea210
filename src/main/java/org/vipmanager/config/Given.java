package org.vipmanager.config;

import java.util.List;

/**
 * A value as somebody wrote it.
 *
 * @param text the written text; of a list, its items with commas between
 * @param items a list's items; else the value itself
 * @param isList whether it was written as a list
 * @param source where it was written
 */
record Given(String text, List<Item> items, boolean isList, Source source) {

    /** One item of a list, which can stand on a line of its own. */
    record Item(String text, Source source) {}

    static Given text(String text, Source source) {
        return new Given(text, List.of(new Item(text, source)), false, source);
    }

    static Given list(List<Item> items, Source source) {
        StringBuilder text = new StringBuilder();
        for (Item item : items) {
            text.append(text.isEmpty() ? "" : ",").append(item.text());
        }
        return new Given(text.toString(), List.copyOf(items), true, source);
    }

    /** An empty value is an unset one. */
    boolean isEmpty() {
        return text.isBlank();
    }

    Given masked() {
        return text(Secret.MASK, source);
    }
}
