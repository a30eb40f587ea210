package org.vipmanager;

/** What the program's exit code tells: the unit file and scripts read it. */
public enum ExitCode {
    /**
     * Stopped on request (SIGTERM, SIGINT), or did what was asked, such as {@code --help}; {@code
     * check} has found nothing.
     */
    STOPPED_ON_REQUEST(0),
    /**
     * Anything that is neither of the others: an error while running; {@code check} has warnings.
     */
    FAILED(1),
    /**
     * The configuration is wrong, or the host lacks what it asks for; starting again is no help.
     * {@code check} has found errors.
     */
    CONFIGURATION(2);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
