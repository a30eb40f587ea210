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

    private static String reason(HttpAnswer answer) {
        return switch (ConsulAnswer.of(answer)) {
            case ConsulAnswer.Denied(String reason) -> reason;
            case ConsulAnswer.Faulty(String reason) -> reason;
            case ConsulAnswer.KeyState _ -> "answered well";
        };
    }
}
