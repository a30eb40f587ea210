package org.vipmanager.hetzner;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * How the Cloud's interface is reached.
 *
 * @param endpoint with its version, without a slash at the end
 * @param metadata where a server asks for its own number
 * @param token as it is now; blocks, and is never shown
 * @param clock for the Unix times in its answers
 * @param firstLook the pause before an action is looked at again, doubling up to two seconds
 * @param patience how long an action is followed
 */
public record CloudAccess(
        ApiClient api,
        URI endpoint,
        URI metadata,
        Supplier<String> token,
        InstantSource clock,
        Duration firstLook,
        Duration patience) {

    /** The Cloud itself. */
    public static final URI ENDPOINT = URI.create("https://api.hetzner.cloud/v1");

    /** Its metadata service, which only its own servers reach. */
    public static final URI METADATA = URI.create("http://169.254.169.254");

    /** As their own client asks. */
    public static final Duration FIRST_LOOK = Duration.ofMillis(500);

    public static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
