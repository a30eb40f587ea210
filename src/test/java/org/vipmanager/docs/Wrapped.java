package org.vipmanager.docs;

/** A text in lines that are not too long. */
final class Wrapped {

    private Wrapped() {}

    static String lines(String indent, String sentence, int width) {
        StringBuilder text = new StringBuilder(indent);
        int column = indent.length();
        boolean isFirst = true;
        for (String word : sentence.split(" ")) {
            if (!isFirst && column + 1 + word.length() > width) {
                text.append('\n').append(indent);
                column = indent.length();
            } else if (!isFirst) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
            isFirst = false;
        }
        return text.append('\n').toString();
    }
}
