package org.vipmanager.check;

/** How an item was found; the worst sign of all makes the exit code. */
public enum Sign {
    /** As it should be. */
    GOOD("ok"),
    /** It could not be looked at, and the finding says why; it counts like good. */
    UNSEEN("unseen"),
    /** It works, or will; somebody should look at it. */
    WARNING("warning"),
    /** The address cannot be held, or is not where it should be. */
    ERROR("error");

    private final String word;

    Sign(String word) {
        this.word = word;
    }

    /** As it is printed, and as {@code --json} has it. */
    public String word() {
        return word;
    }
}
