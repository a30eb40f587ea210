package org.vipmanager.dcs.consul;

import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;
import org.vipmanager.http.HttpQuestion;

import java.net.URI;

/** Says in a sentence why an exchange with Consul did not show the key. */
final class ConsulTrouble {

    private ConsulTrouble() {}

    static String of(URI endpoint, HttpOutcome outcome) {
        return "Consul at "
                + switch (outcome) {
                    case HttpFailure failure -> failure.trouble();
                    case HttpAnswer answer -> HttpQuestion.origin(endpoint) + " " + reason(answer);
                };
    }

    /** The same of an answer that should have shown many keys. */
    static String below(URI endpoint, HttpOutcome outcome) {
        if (outcome instanceof HttpAnswer answer && answer.status() == 200) {
            return "Consul at "
                    + HttpQuestion.origin(endpoint)
                    + " sent an answer that cannot be parsed, or has too many keys in it";
        }
        return of(endpoint, outcome);
    }

    private static String reason(HttpAnswer answer) {
        return switch (ConsulAnswer.of(answer)) {
            case ConsulAnswer.Denied(String reason) -> reason;
            case ConsulAnswer.Faulty faulty -> faulty.reason();
            case ConsulAnswer.KeyState _ -> "answered well";
        };
    }
}
