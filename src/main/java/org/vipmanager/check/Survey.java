package org.vipmanager.check;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one endpoint of the DCS has told.
 *
 * @param findings about it, the worst of which decides whether it can be used
 * @param cluster which cluster it belongs to; empty where it does not say
 * @param keys by name; empty when it could not be read
 */
record Survey(
        URI endpoint,
        List<Finding> findings,
        Optional<String> cluster,
        Optional<Map<String, KeyState>> keys) {

    static Survey failed(URI endpoint, Finding finding) {
        return new Survey(endpoint, List.of(finding), Optional.empty(), Optional.empty());
    }

    /**
     * That it answers.
     *
     * @param took how long the last answer took, on a connection that was there
     * @param timeout what the daemon allows for that
     */
    static Finding told(URI endpoint, String what, Duration took, Duration timeout) {
        String answers = endpoint + " answers: " + what;
        return took.compareTo(timeout) <= 0
                ? Finding.good(Item.ENDPOINT, answers)
                : Finding.warning(
                        Item.ENDPOINT,
                        answers
                                + ", but only after %d ms, longer than dcs-timeout"
                                        .formatted(took.toMillis()),
                        "is it overloaded, or this host? dcs-timeout: 5s gives a distant one more time");
    }

    static Survey silent(URI endpoint) {
        return failed(
                endpoint,
                Finding.error(
                        Item.ENDPOINT,
                        endpoint + " did not answer in time (dcs-timeout)",
                        "is it frozen, overloaded or cut off by a firewall? dcs-timeout: 5s gives a"
                                + " distant one more time"));
    }
}
