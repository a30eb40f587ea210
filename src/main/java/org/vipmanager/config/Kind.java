package org.vipmanager.config;

/** What form the value of a setting has. */
public enum Kind {
    TEXT("TEXT"),
    ADDRESS("ADDRESS"),
    PREFIX_LENGTH("BITS"),
    INTERFACE("NAME"),
    CHOICE("WORD"),
    ENDPOINTS("URL[,URL...]"),
    URL("URL"),
    /** A host's name or address, without a port. */
    HOST("HOST"),
    /** An address and a port. */
    LISTENER("ADDRESS:PORT"),
    FILE("FILE"),
    /** A program and its arguments: words between blanks, in the file also a list. */
    COMMAND("COMMAND"),
    /** Names of variables, separated by commas or blanks, in the file also a list. */
    NAMES("NAME[,NAME...]"),
    /** A text that is masked wherever it is shown. */
    SECRET("TEXT"),
    /** Milliseconds when bare, or with {@code ms}, {@code s} or {@code min}. */
    DURATION("DURATION"),
    COUNT("NUMBER"),
    /** Yes or no; the flag alone means yes. */
    SWITCH("true|false");

    private final String placeholder;

    Kind(String placeholder) {
        this.placeholder = placeholder;
    }

    /** Whether the file may have a list of them. */
    boolean mayBeList() {
        return this == ENDPOINTS || this == COMMAND || this == NAMES;
    }

    /** What stands for a value in the help. */
    public String placeholder() {
        return placeholder;
    }
}
