package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration file of a host's daemon, which a scenario writes anew and has read again. */
final class SettingsFile {

    private final Path path;
    private final Map<String, String> usual;

    /**
     * @param usual settings that are written unless the scenario's own lines have them
     */
    SettingsFile(Path path, Map<String, String> usual) {
        this.path = path;
        this.usual = new LinkedHashMap<>(usual);
    }

    Path path() {
        return path;
    }

    /** Writes the scenario's own lines below the usual settings. */
    SettingsFile write(String own) {
        String common =
                usual.entrySet().stream()
                        .filter(setting -> !("\n" + own).contains("\n" + setting.getKey() + ":"))
                        .map(setting -> setting.getKey() + ": " + setting.getValue() + "\n")
                        .collect(Collectors.joining());
        try {
            Files.writeString(path, common + own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
