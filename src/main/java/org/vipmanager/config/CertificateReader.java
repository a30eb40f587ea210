package org.vipmanager.config;

import org.vipmanager.tls.ClientCertificate;
import org.vipmanager.tls.PemCertificates;
import org.vipmanager.tls.PemException;
import org.vipmanager.tls.PemPrivateKey;
import org.vipmanager.tls.TlsFiles;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Optional;

/** Looks at the files that TLS needs, whether they hold what they should and fit together. */
final class CertificateReader {

    private final Values values;
    private final Disk disk;

    CertificateReader(Values values, Disk disk) {
        this.values = values;
        this.disk = disk;
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
            Source source = values.sourceOf(setting);
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
        return values.has(setting)
                ? NamedFile.read(values, disk, setting, PemCertificates.LONGEST_FILE)
                : Optional.empty();
    }

    private void wrong(Setting setting, PemException e) {
        values.wrong(setting, values.find(setting).orElseThrow(), e.problem(), e.remedy());
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
