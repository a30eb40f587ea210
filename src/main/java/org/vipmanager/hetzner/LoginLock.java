package org.vipmanager.hetzner;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Remembers that a login was refused, also across restarts: the third refusal in a row locks the
 * whole account's address at Hetzner, so nothing is sent for ten minutes, unless the credentials
 * file has changed.
 *
 * <p>The wall clock, as it must outlast a reboot; a refusal that lies ahead of it counts from now.
 * Safe for use by any thread.
 */
public final class LoginLock {

    /** As long as Hetzner locks an address after three refusals. */
    static final Duration TIME = Duration.ofMinutes(10);

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private final Path credentials;
    private final Optional<Path> memory;
    private final InstantSource clock;
    private Optional<Refusal> last;

    private record Refusal(Instant at, String credentials) {

        static Optional<Refusal> parse(String line) {
            int blank = line.indexOf(' ');
            try {
                return blank < 0
                        ? Optional.empty()
                        : Optional.of(
                                new Refusal(
                                        Instant.ofEpochSecond(
                                                Long.parseLong(line.substring(0, blank))),
                                        line.substring(blank + 1).strip()));
            } catch (NumberFormatException | java.time.DateTimeException damaged) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return at.getEpochSecond() + " " + credentials;
        }
    }

    /**
     * Reads what the process before this one has left.
     *
     * @param memory the file that remembers; without one a restart forgets
     */
    public LoginLock(Path credentials, Optional<Path> memory, InstantSource clock) {
        this.credentials = credentials;
        this.memory = memory;
        this.clock = clock;
        last = memory.flatMap(LoginLock::read);
    }

    private static Optional<Refusal> read(Path file) {
        try {
            return Files.size(file) > 1000
                    ? Optional.empty()
                    : Refusal.parse(Files.readString(file).strip());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    /** Whether nothing may be sent now. */
    synchronized boolean isShut() {
        if (last.isEmpty()) {
            return false;
        }
        Instant now = clock.instant();
        if (last.get().at().isAfter(now)) {
            last = Optional.of(new Refusal(now, last.get().credentials()));
        }
        boolean same = last.get().credentials().equals(fingerprint());
        boolean recent = now.isBefore(last.get().at().plus(TIME));
        if (!same || !recent) {
            open();
        }
        return same && recent;
    }

    /** The login was refused just now. */
    synchronized void shut() {
        Refusal refusal = new Refusal(clock.instant(), fingerprint());
        last = Optional.of(refusal);
        memory.ifPresentOrElse(
                file -> write(file, refusal),
                () ->
                        LOG.log(
                                Level.WARNING,
                                "a restart will forget that the login was refused, and may lock it by"
                                        + " trying again: there is no STATE_DIRECTORY; mend the login"
                                        + " before you start the daemon again"));
    }

    private static void write(Path file, Refusal refusal) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(unfinished);
            Files.writeString(unfinished, refusal + "\n", StandardOpenOption.CREATE_NEW);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "a restart will forget that the login was refused, and may lock it by trying"
                            + " again: {0} cannot be written: {1}; mend the login before you start the"
                            + " daemon again",
                    file,
                    e.toString());
        }
    }

    private void open() {
        last = Optional.empty();
        memory.ifPresent(
                file -> {
                    try {
                        Files.deleteIfExists(file);
                    } catch (IOException e) {
                        LOG.log(Level.DEBUG, "{0} stays: {1}", file, e.toString());
                    }
                });
    }

    /** Nothing of what is in the file. */
    private String fingerprint() {
        try {
            BasicFileAttributes now = Files.readAttributes(credentials, BasicFileAttributes.class);
            return now.lastModifiedTime().toInstant() + "/" + now.size();
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
