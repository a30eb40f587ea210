package org.vipmanager.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What stands in the file that a setting names. */
final class NamedFile {

    private NamedFile() {}

    /**
     * Reads it; what is wrong with it becomes a mistake.
     *
     * @param limit how many bytes it may have at most
     * @return empty where none is named, or it cannot be read
     */
    static Optional<byte[]> read(Values values, Disk disk, Setting setting, int limit) {
        Optional<Path> path = values.path(setting);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        Given given =
                values.find(setting)
                        .orElse(Given.text(setting.defaultText(), new Source.Default()));
        try {
            byte[] content = disk.read(path.get(), limit + 1);
            if (content.length <= limit) {
                return Optional.of(content);
            }
            values.wrong(setting, given, "is too large for what it should hold", "name another");
        } catch (IOException e) {
            values.wrong(
                    setting,
                    given,
                    ConfigFile.trouble(path.get(), e),
                    "name a file that this user can read");
        }
        return Optional.empty();
    }
}
