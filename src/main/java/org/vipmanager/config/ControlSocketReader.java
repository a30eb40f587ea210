package org.vipmanager.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads where the state is asked for. */
final class ControlSocketReader {

    static final String SOCKET_NAME = "control.sock";
    private static final Path USUAL_FOLDER = Path.of("/run/vip-manager");
    private static final String OFF = "off";

    private ControlSocketReader() {}

    /** Unlike others this one means something when it is left empty: no socket. */
    static Optional<Path> read(Values values, Map<String, String> variables) {
        Optional<Given> given = values.find(Settings.CONTROL_SOCKET);
        if (values.isLeftEmpty(Settings.CONTROL_SOCKET)
                || given.filter(value -> value.text().strip().equals(OFF)).isPresent()) {
            return Optional.empty();
        }
        if (given.isEmpty()) {
            return Optional.of(usualSocket(variables));
        }
        Optional<Path> path = values.path(Settings.CONTROL_SOCKET);
        if (path.isPresent() && !path.get().isAbsolute()) {
            values.wrong(
                    Settings.CONTROL_SOCKET,
                    given.get(),
                    "is no absolute path",
                    "write for example /run/vip-manager/control.sock, or off");
        }
        return path;
    }

    /** systemd names the folder, and may name several, systemd.exec(5). */
    static Path usualSocket(Map<String, String> variables) {
        String folders = variables.getOrDefault("RUNTIME_DIRECTORY", "");
        String first = folders.split(":", 2)[0];
        Path folder = first.startsWith("/") ? Path.of(first) : USUAL_FOLDER;
        return folder.resolve(SOCKET_NAME);
    }
}
