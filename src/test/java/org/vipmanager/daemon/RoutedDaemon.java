package org.vipmanager.daemon;

import org.vipmanager.hetzner.HttpStub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A whole daemon whose address a program routes, which needs no privileges. */
final class RoutedDaemon {

    private RoutedDaemon() {}

    /**
     * @param patroni says who leads
     * @param folder for the control socket
     */
    static List<String> flags(HttpStub patroni, Path program, Path folder) {
        return List.of(
                "--ip=198.51.100.9",
                "--manager-type=command",
                "--provider-command=" + program,
                "--dcs-type=patroni",
                "--dcs-endpoints=" + patroni.uri(),
                "--trigger-key=/leader",
                "--trigger-value=200",
                "--control-socket=" + folder.resolve("socket"));
    }

    /** All that it says until it has ended. */
    static String log(Process daemon) throws IOException {
        return new String(daemon.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
