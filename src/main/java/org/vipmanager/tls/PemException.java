package org.vipmanager.tls;

import org.jspecify.annotations.Nullable;

/** What a PEM file holds cannot be used for what it is named for. */
public class PemException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String remedy;

    PemException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem + "; " + remedy, cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    PemException(String problem, String remedy) {
        this(problem, remedy, null);
    }

    /** What follows the file's name in a sentence. */
    public String problem() {
        return problem;
    }

    /** What would be right. */
    public String remedy() {
        return remedy;
    }
}
