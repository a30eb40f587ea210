package org.vipmanager.web;

import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.status.Health;
import org.vipmanager.status.StatusSnapshot;

import java.util.List;
import java.util.Optional;

/** What load balancers and supervisors ask; anybody may. */
final class Probes {

    static final String PATHS =
            """
            /livez         200 while the daemon runs and looks after its addresses
            /readyz        200 while it can do its work, else 503 and why; /health is the same
            /leader        200 while an address is here, else 503
            /vip/ADDRESS   200 while this address is here, else 503
            """;

    private static final String VIP = "/vip/";

    private Probes() {}

    /**
     * An answer.
     *
     * @param code of HTTP
     * @param text one line, or several
     */
    record Answer(int code, String text) {}

    /** The answer to a probe; empty where the path is that of none. */
    static Optional<Answer> answer(String path, StatusSnapshot snapshot) {
        Health health = new Health(snapshot);
        return switch (path) {
            case "/livez" -> Optional.of(new Answer(200, "ok\n"));
            case "/readyz", "/health" -> Optional.of(ready(health.troubles()));
            case "/leader" -> Optional.of(leader(health.held()));
            default ->
                    path.startsWith(VIP)
                            ? Optional.of(vip(health, path.substring(VIP.length())))
                            : Optional.empty();
        };
    }

    private static Answer ready(List<String> troubles) {
        return troubles.isEmpty()
                ? new Answer(200, "ok\n")
                : new Answer(503, String.join("\n", troubles) + "\n");
    }

    private static Answer leader(List<VirtualIp> held) {
        return held.isEmpty()
                ? new Answer(503, "no address is here\n")
                : new Answer(200, held.size() + " addresses are here\n");
    }

    private static Answer vip(Health health, String written) {
        return PrintedAddress.read(written)
                .flatMap(health::holds)
                .map(
                        here ->
                                here
                                        ? new Answer(200, "it is here\n")
                                        : new Answer(503, "it is not here\n"))
                .orElse(new Answer(404, "this daemon has no such address\n"));
    }
}
