package org.vipmanager.config;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Gives a secret as its file holds it now: it is replaced while the daemon runs.
 *
 * <p>A file that cannot be used, empty or gone for a moment, leaves the last secret in force, with
 * one warning. Safe for use by any thread.
 */
final class RotatedSecret implements Supplier<String> {

    private final SecretFile file;
    private final Logger log;
    private String last;
    private boolean isWarned;

    /**
     * Reads nothing yet.
     *
     * @param last what the file held when the configuration was read
     */
    RotatedSecret(SecretFile file, String last) {
        this(file, last, System.getLogger("org.vipmanager.config"));
    }

    RotatedSecret(SecretFile file, String last, Logger log) {
        this.file = file;
        this.last = last;
        this.log = log;
    }

    /** Reads the file; blocks while it does. */
    @Override
    public synchronized String get() {
        try {
            take(file.read());
        } catch (SecretFile.UnusableException e) {
            warnOnce(e.problem());
        }
        return last;
    }

    private void take(String secret) {
        if (!secret.equals(last)) {
            log.log(Level.INFO, file + " holds another secret, which is used from now on");
        } else if (isWarned) {
            log.log(Level.INFO, file + " can be used again");
        }
        last = secret;
        isWarned = false;
    }

    private void warnOnce(String problem) {
        log.log(
                isWarned ? Level.DEBUG : Level.WARNING,
                file + " " + problem + "; going on with the secret that it held before");
        isWarned = true;
    }
}
