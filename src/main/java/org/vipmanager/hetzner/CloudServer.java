package org.vipmanager.hetzner;

import org.vipmanager.hetzner.CloudSession.Trouble;
import org.vipmanager.http.HttpAnswer;
import org.vipmanager.http.HttpOutcome;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** This server's number in the Cloud: as configured, or what the metadata service says. */
final class CloudServer {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final CloudAccess access;
    private volatile Optional<Long> known;

    CloudServer(CloudAccess access, Optional<Long> configured) {
        this.access = access;
        known = configured;
    }

    long id() throws Trouble {
        if (known.isEmpty()) {
            known = Optional.of(ask());
        }
        return known.get();
    }

    private long ask() throws Trouble {
        URI uri = URI.create(access.metadata() + "/hetzner/v1/metadata/instance-id");
        HttpOutcome outcome = access.api().ask(ApiClient.Request.get(uri, DEADLINE));
        if (outcome instanceof HttpAnswer answer && answer.status() == 200) {
            String text = answer.body().strip();
            if (text.matches("\\d{1,18}")) {
                return Long.parseLong(text);
            }
        }
        throw Trouble.passing(
                "the metadata service does not tell this server's number: give hetzner-cloud-server-id");
    }
}
