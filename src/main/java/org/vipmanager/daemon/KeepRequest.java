package org.vipmanager.daemon;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * The file by which one stop is to be like one with {@code on-exit: keep}: for the restart of an
 * upgrade, which no client shall notice.
 *
 * <p>{@code $RUNTIME_DIRECTORY/keep-address}, which the packages make; systemd removes the folder
 * when the daemon has stopped. Without systemd there is none.
 */
final class KeepRequest {

    private KeepRequest() {}

    static boolean isThere(Map<String, String> environment) {
        String folder = environment.get("RUNTIME_DIRECTORY");
        return folder != null
                && Files.exists(Path.of(folder, "keep-address"), LinkOption.NOFOLLOW_LINKS);
    }
}
