package org.vipmanager.web.cluster;

import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpFailure;
import org.vipmanager.http.HttpOutcome;

import java.io.IOException;
import java.util.Optional;

/**
 * What asking one host has brought: its status, or why there is none.
 *
 * @param asked where; empty for this host itself
 * @param trouble empty where there is a status
 */
public record HostAnswer(String asked, Optional<HostStatus> status, String trouble) {

    private static final int OK = 200;

    static HostAnswer of(String asked, HostStatus status) {
        return new HostAnswer(asked, Optional.of(status), "");
    }

    static HostAnswer failed(String asked, String trouble) {
        return new HostAnswer(asked, Optional.empty(), trouble);
    }

    /** Whatever a peer has sent, or has not. */
    static HostAnswer of(String asked, HttpOutcome outcome) {
        return switch (outcome) {
            case HttpFailure failure -> failed(asked, failure.trouble());
            case HttpAnswer answer when answer.status() != OK -> failed(asked, refusal(answer));
            case HttpAnswer answer -> status(asked, answer.body());
        };
    }

    private static String refusal(HttpAnswer answer) {
        return "it answered with status "
                + answer.status()
                + switch (answer.status()) {
                    case 401 ->
                            ": it wants the token of its http-token-file, which must be the same";
                    case 403 -> ": name it by its address or its own host name in http-peers";
                    default -> answer.excerpt().isEmpty() ? "" : ": " + answer.excerpt();
                };
    }

    private static HostAnswer status(String asked, String body) {
        try {
            return of(asked, HostStatus.of(body));
        } catch (IOException e) {
            return failed(asked, String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error fault) {
            return failed(asked, "its answer cannot be read: " + fault);
        }
    }

    public boolean isThisHost() {
        return asked.isEmpty();
    }

    /** What people call it. */
    public String name() {
        return status.map(HostStatus::name)
                .filter(name -> !name.isEmpty())
                .orElse(isThisHost() ? "this host" : asked);
    }
}
