package org.vipmanager.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Reads secrets, each written itself or as the name of a file that holds it. */
final class SecretReader {

    /** The unit's user is made at start, so that no file can be given to it before. */
    static final String HAND_OVER =
            ", which the systemd unit hands over by LoadCredential= (docs/settings.md, Secrets)";

    private final Values values;
    private final Disk disk;

    SecretReader(Values values, Disk disk) {
        this.values = values;
        this.disk = disk;
    }

    /** A secret that is written itself or as the name of a file that holds it. */
    Optional<Secret> secret(Setting itself, Setting inFile) {
        Optional<Given> text = values.find(itself);
        Optional<Given> file = values.find(inFile);
        if (text.isPresent() && file.isPresent()) {
            int order = rank(text.get().source()) - rank(file.get().source());
            if (order == 0) {
                values.wrong(
                        inFile,
                        file.get(),
                        "sets the same secret as "
                                + itself.name()
                                + " ("
                                + text.get().source()
                                + ")",
                        "keep only one of them");
                return Optional.empty();
            }
            values.drop(order < 0 ? inFile : itself);
            if (order < 0) {
                return secret(text.get());
            }
        }
        return file.isPresent() ? secretIn(inFile, file.get()) : text.flatMap(this::secret);
    }

    /** A secret for which there is no other setting than that of its file. */
    Optional<Secret> secret(Setting inFile) {
        return values.find(inFile).flatMap(given -> secretIn(inFile, given));
    }

    /** Flag over variable over file over the variables of other programs. */
    private static int rank(Source source) {
        return switch (source) {
            case Source.Flag flag -> 0;
            case Source.Variable variable
                    when variable.variable().startsWith(Setting.VARIABLE_PREFIX) ->
                    1;
            case Source.Line line -> 2;
            default -> 3;
        };
    }

    private Optional<Secret> secret(Given given) {
        return Optional.of(new Secret(given.text()));
    }

    private Optional<Secret> secretIn(Setting setting, Given given) {
        Optional<Path> path = values.path(setting);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        SecretFile file = new SecretFile(values.nameOf(setting), path.get(), disk);
        try {
            Secret secret =
                    new Secret(file.read(), Optional.of(file).filter(SecretFile::isLasting));
            warnWhenOpen(setting, path.get());
            return Optional.of(secret);
        } catch (SecretFile.UnusableException e) {
            values.wrong(setting, given, e.problem(), e.remedy());
            return Optional.empty();
        }
    }

    private void warnWhenOpen(Setting setting, Path path) {
        try {
            if (disk.isReadableByAll(path)) {
                values.findings()
                        .warn(
                                ("%s: every user of this host may read %s; make it a file with mode"
                                                + " 600%s")
                                        .formatted(values.nameOf(setting), path, HAND_OVER));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // It could be read, and nothing more was asked.
        }
    }

    /** Looks whether the Robot's file holds both lines; they are read again when they are used. */
    Optional<Path> robotCredentials() {
        Setting setting = Settings.HETZNER_CREDENTIALS_FILE;
        Optional<byte[]> content = NamedFile.read(values, disk, setting, SecretFile.LARGEST);
        if (content.isPresent()) {
            String text = new String(content.get(), StandardCharsets.UTF_8);
            boolean hasUser = hasLine(text, "user");
            boolean hasPassword = hasLine(text, "pass");
            if (!hasUser || !hasPassword) {
                values.wrong(
                        setting,
                        Given.text(
                                values.path(setting).orElseThrow().toString(),
                                values.sourceOf(setting)),
                        "has no line " + (hasUser ? "pass" : "user") + "=\"...\"",
                        "write user=\"...\" and pass=\"...\" into it");
            }
            values.path(setting).ifPresent(path -> warnWhenOpen(setting, path));
        }
        return values.path(setting);
    }

    /** The Cloud's token, where the Robot's file has one besides. */
    Optional<Secret> tokenInRobotCredentials() {
        Setting setting = Settings.HETZNER_CREDENTIALS_FILE;
        Optional<Path> path = values.path(setting);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        SecretFile file = new SecretFile(values.nameOf(setting), path.get(), disk, "token");
        try {
            Secret secret =
                    new Secret(file.read(), Optional.of(file).filter(SecretFile::isLasting));
            warnWhenOpen(setting, path.get());
            return Optional.of(secret);
        } catch (SecretFile.UnusableException none) {
            return Optional.empty(); // what is missing is told with all places where it may stand
        }
    }

    private static boolean hasLine(String text, String name) {
        return text.replace("\ufeff", "")
                .lines()
                .anyMatch(line -> line.strip().matches(name + "\\s*=\\s*[\"']?[^\"'].*"));
    }
}
