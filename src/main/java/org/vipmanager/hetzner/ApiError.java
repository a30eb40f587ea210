package org.vipmanager.hetzner;

import org.vipmanager.http.HttpAnswer;
import org.vipmanager.log.Printable;

import java.util.Optional;

/**
 * What an interface of Hetzner's says is wrong: an object {@code error} with a code and a message,
 * of which either may be missing.
 *
 * @param code as the interface calls it; empty when it did not say
 * @param said the answer as a sentence without a full stop
 */
record ApiError(String code, String said) {

    private static final int LONGEST_CODE = 60;
    private static final int LONGEST_MESSAGE = 160;
    private static final int LONGEST_EXCERPT = 100;

    /**
     * @param who such as {@code the Robot}
     * @param body of the answer; empty when it is no JSON
     */
    static ApiError of(String who, HttpAnswer answer, Optional<Json> body) {
        Json error = body.orElse(new Json(null)).get("error");
        String code = error.get("code").text().orElse("");
        String said =
                "%s answers %d%s%s"
                        .formatted(
                                who,
                                answer.status(),
                                code.isEmpty() ? "" : " " + shortened(code),
                                error.get("message")
                                        .text()
                                        .map(text -> ": " + message(text))
                                        .orElse(""));
        return new ApiError(code, said);
    }

    /** A good status, and a body that says nothing known. */
    static String notUnderstood(String who, HttpAnswer answer) {
        return "%s answers %d and something that is not understood: %s"
                .formatted(who, answer.status(), Printable.line(answer.excerpt(), LONGEST_EXCERPT));
    }

    static String shortened(String code) {
        return Printable.line(code, LONGEST_CODE);
    }

    static String message(String text) {
        return Printable.line(text, LONGEST_MESSAGE);
    }
}
