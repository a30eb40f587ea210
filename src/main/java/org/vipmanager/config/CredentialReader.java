package org.vipmanager.config;

import org.vipmanager.tls.ClientCertificate;
import org.vipmanager.tls.PemCertificates;
import org.vipmanager.tls.PemException;
import org.vipmanager.tls.PemPrivateKey;
import org.vipmanager.tls.TlsFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Optional;

/** Reads secrets and looks at the files that TLS needs. */
final class CredentialReader {

    /** The unit's user is made at start, so that no file can be given to it before. */
    static final String HAND_OVER =
            ", which the systemd unit hands over by LoadCredential= (docs/settings.md, Secrets)";

    private final Values values;
    private final Disk disk;

    CredentialReader(Values values, Disk disk) {
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
        Optional<byte[]> content = read(setting, SecretFile.LARGEST);
        if (content.isPresent()) {
            String text = new String(content.get(), StandardCharsets.UTF_8);
            boolean hasUser = hasLine(text, "user");
            boolean hasPassword = hasLine(text, "pass");
            if (!hasUser || !hasPassword) {
                values.wrong(
                        setting,
                        Given.text(values.path(setting).orElseThrow().toString(), source(setting)),
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

    private Source source(Setting setting) {
        return values.find(setting).map(Given::source).orElse(new Source.Default());
    }

    /**
     * The files of a TLS client, each of which may also be named by the other setting, and the name
     * of its servers.
     *
     * @param fallbacks old names of the same files, or the settings themselves
     */
    TlsFiles tls(TlsSettings own, TlsSettings fallbacks) {
        Setting ca = values.has(own.ca()) ? own.ca() : fallbacks.ca();
        Setting certificate =
                values.has(own.certificate()) ? own.certificate() : fallbacks.certificate();
        Setting key = values.has(own.key()) ? own.key() : fallbacks.key();
        boolean hasCertificate = values.has(certificate);
        boolean hasKey = values.has(key);
        if (hasCertificate && !hasKey) {
            values.wrong(
                    certificate,
                    values.find(certificate).orElseThrow(),
                    "is set without its private key",
                    "give " + own.key().name() + " too");
        } else if (hasKey && !hasCertificate) {
            values.findings()
                    .warn(
                            "%s (%s) is not used: there is no %s"
                                    .formatted(
                                            values.nameOf(key),
                                            values.find(key).orElseThrow().source(),
                                            own.certificate().name()));
        } else if (hasCertificate && !values.has(ca)) {
            values.findings()
                    .warn(
                            ("%s (%s): without %s the servers' certificates are checked with the"
                                            + " system's trust store")
                                    .formatted(
                                            values.nameOf(certificate),
                                            values.find(certificate).orElseThrow().source(),
                                            own.ca().name()));
        }
        certificates(ca);
        Optional<PemCertificates> certificates = certificates(certificate);
        if (hasCertificate) {
            Optional<PrivateKey> secret = key(key);
            if (certificates.isPresent() && secret.isPresent()) {
                checkTogether(certificate, certificates.get(), key, secret.get());
            }
        }
        return new TlsFiles(
                values.path(ca),
                hasKey ? values.path(certificate) : Optional.empty(),
                hasCertificate ? values.path(key) : Optional.empty(),
                HostReader.serverName(values, own.serverName()));
    }

    /** The files of a TLS server, as far as they are named: both or none. */
    Optional<StatusConfig.Certificate> ofServer(Setting certificate, Setting key) {
        if (values.has(certificate) != values.has(key)) {
            Setting given = values.has(certificate) ? certificate : key;
            Setting missing = values.has(certificate) ? key : certificate;
            values.wrong(
                    given,
                    values.find(given).orElseThrow(),
                    "is set without " + missing.name(),
                    "give both, or neither");
            return Optional.empty();
        }
        Optional<PemCertificates> certificates = certificates(certificate);
        Optional<PrivateKey> secret = values.has(key) ? key(key) : Optional.empty();
        if (certificates.isEmpty() || secret.isEmpty()) {
            return Optional.empty();
        }
        checkTogether(certificate, certificates.get(), key, secret.get());
        return Optional.of(
                new StatusConfig.Certificate(
                        values.path(certificate).orElseThrow(), values.path(key).orElseThrow()));
    }

    /** The file of the authorities that are to be trusted, if it is named and can be read. */
    Optional<Path> authorities(Setting setting) {
        return certificates(setting).flatMap(_ -> values.path(setting));
    }

    private Optional<PemCertificates> certificates(Setting setting) {
        Optional<byte[]> content = pem(setting);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            PemCertificates certificates = PemCertificates.in(content.get());
            Source source = source(setting);
            certificates
                    .skipped()
                    .ifPresent(
                            what ->
                                    values.findings()
                                            .warn(
                                                    "%s (%s): %s"
                                                            .formatted(
                                                                    values.nameOf(setting),
                                                                    source,
                                                                    what)));
            return Optional.of(certificates);
        } catch (PemException e) {
            wrong(setting, e);
            return Optional.empty();
        }
    }

    private Optional<PrivateKey> key(Setting setting) {
        try {
            Optional<byte[]> content = pem(setting);
            return content.isEmpty()
                    ? Optional.empty()
                    : Optional.of(PemPrivateKey.in(content.get()));
        } catch (PemException e) {
            wrong(setting, e);
            return Optional.empty();
        }
    }

    private void checkTogether(
            Setting certificate, PemCertificates certificates, Setting key, PrivateKey secret) {
        try {
            ClientCertificate.of(certificates, values.path(certificate).orElseThrow(), secret);
        } catch (ClientCertificate.UnfitKeyException e) {
            wrong(key, e);
        } catch (PemException e) {
            wrong(certificate, e);
        }
    }

    private Optional<byte[]> pem(Setting setting) {
        return values.has(setting) ? read(setting, PemCertificates.LONGEST_FILE) : Optional.empty();
    }

    private void wrong(Setting setting, PemException e) {
        values.wrong(setting, values.find(setting).orElseThrow(), e.problem(), e.remedy());
    }

    private Optional<byte[]> read(Setting setting, int limit) {
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

    /** The settings of a TLS client: three files, and the name of its servers. */
    record TlsSettings(Setting ca, Setting certificate, Setting key, Setting serverName) {

        static final TlsSettings ETCD =
                new TlsSettings(
                        Settings.ETCD_CA_FILE,
                        Settings.ETCD_CERT_FILE,
                        Settings.ETCD_KEY_FILE,
                        Settings.ETCD_TLS_SERVER_NAME);
        static final TlsSettings CONSUL =
                new TlsSettings(
                        Settings.CONSUL_CA_FILE,
                        Settings.CONSUL_CERT_FILE,
                        Settings.CONSUL_KEY_FILE,
                        Settings.CONSUL_TLS_SERVER_NAME);
        static final TlsSettings PATRONI =
                new TlsSettings(
                        Settings.PATRONI_CA_FILE,
                        Settings.PATRONI_CERT_FILE,
                        Settings.PATRONI_KEY_FILE,
                        Settings.PATRONI_TLS_SERVER_NAME);
    }
}
