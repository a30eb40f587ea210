package org.vipmanager.config;

import org.vipmanager.config.CertificateReader.TlsSettings;
import org.vipmanager.tls.TlsFiles;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads how the DCS is reached; what belongs to another DCS is not looked at. */
final class DcsReader {

    private final Values values;
    private final SecretReader secrets;
    private final CertificateReader certificates;

    DcsReader(Values values, SecretReader secrets, CertificateReader certificates) {
        this.values = values;
        this.secrets = secrets;
        this.certificates = certificates;
    }

    DcsConfig read(DcsType type) {
        return switch (type) {
            case ETCD -> etcd();
            case CONSUL -> consul();
            case PATRONI -> patroni();
        };
    }

    private DcsConfig etcd() {
        Optional<EtcdSrv> srv = srv();
        List<URI> endpoints =
                srv.isPresent() ? List.of() : EndpointReader.endpoints(values, DcsType.ETCD);
        Optional<Secret> password =
                secrets.secret(Settings.ETCD_PASSWORD, Settings.ETCD_PASSWORD_FILE);
        Optional<String> user = values.text(Settings.ETCD_USER).map(String::strip);
        boolean isPasswordGiven =
                values.has(Settings.ETCD_PASSWORD) || values.has(Settings.ETCD_PASSWORD_FILE);
        if (isPasswordGiven && user.isEmpty() && !values.isAnythingLost()) {
            Setting given =
                    values.has(Settings.ETCD_PASSWORD)
                            ? Settings.ETCD_PASSWORD
                            : Settings.ETCD_PASSWORD_FILE;
            values.wrong(
                    given,
                    values.find(given).orElseThrow(),
                    "is set without a user",
                    "give etcd-user too");
        }
        if (user.isPresent() && !isPasswordGiven) {
            values.findings()
                    .warn(
                            "etcd-user (%s) is not used: there is no etcd-password"
                                    .formatted(
                                            values.find(Settings.ETCD_USER)
                                                    .orElseThrow()
                                                    .source()));
            user = Optional.empty();
        }
        TlsFiles tls = certificates.tls(TlsSettings.ETCD, TlsSettings.ETCD);
        if (srv.isEmpty()) { // the name of a record says whether it is https
            warnWhenNotUsed(TlsSettings.ETCD, endpoints);
        }
        return new DcsConfig.Etcd(endpoints, srv, user, password, tls);
    }

    private Optional<EtcdSrv> srv() {
        Optional<String> domain = HostReader.domain(values, Settings.ETCD_SRV);
        Optional<String> suffix = HostReader.label(values, Settings.ETCD_SRV_SUFFIX);
        if (!values.has(Settings.ETCD_SRV)) {
            values.find(Settings.ETCD_SRV_SUFFIX)
                    .ifPresent(
                            given ->
                                    values.findings()
                                            .warn(
                                                    "etcd-srv-suffix (%s) is not used: there is no etcd-srv"
                                                            .formatted(given.source())));
        } else if (values.has(Settings.DCS_ENDPOINTS)) {
            values.wrong(
                    Settings.ETCD_SRV,
                    values.find(Settings.ETCD_SRV).orElseThrow(),
                    "is set beside dcs-endpoints ("
                            + values.find(Settings.DCS_ENDPOINTS).orElseThrow().source()
                            + ")",
                    "keep only one of them");
        }
        return domain.map(name -> new EtcdSrv(name, suffix));
    }

    private DcsConfig consul() {
        List<URI> endpoints = EndpointReader.endpoints(values, DcsType.CONSUL);
        Optional<Secret> token = secrets.secret(Settings.CONSUL_TOKEN, Settings.CONSUL_TOKEN_FILE);
        TlsFiles tls = certificates.tls(TlsSettings.CONSUL, TlsSettings.CONSUL);
        warnWhenNotUsed(TlsSettings.CONSUL, endpoints);
        return new DcsConfig.Consul(endpoints, token, tls);
    }

    private DcsConfig patroni() {
        List<URI> endpoints = EndpointReader.endpoints(values, DcsType.PATRONI);
        if (endpoints.size() > 1) {
            values.findings()
                    .warn(
                            ("dcs-endpoints (%s): only %s is used, because each Patroni answers for"
                                            + " its own host")
                                    .formatted(
                                            values.find(Settings.DCS_ENDPOINTS)
                                                    .orElseThrow()
                                                    .source(),
                                            endpoints.getFirst()));
            endpoints = List.of(endpoints.getFirst());
        }
        return new DcsConfig.Patroni(
                endpoints, certificates.tls(TlsSettings.PATRONI, TlsSettings.ETCD));
    }

    /** Asked while another DCS is silent; there the etcd files are etcd's own. */
    TlsFiles patroniTls(List<VipConfig> vips) {
        boolean isEncrypted =
                vips.stream()
                        .flatMap(vip -> vip.patroniUrl().stream())
                        .anyMatch(url -> url.getScheme().equals("https"));
        return isEncrypted
                ? certificates.tls(TlsSettings.PATRONI, TlsSettings.PATRONI)
                : TlsFiles.NONE;
    }

    private void warnWhenNotUsed(TlsSettings tls, List<URI> endpoints) {
        if (endpoints.stream().anyMatch(e -> e.getScheme().equals("https"))) {
            return;
        }
        Stream.of(tls.ca(), tls.certificate(), tls.serverName())
                .filter(values::has)
                .findFirst()
                .ifPresent(
                        named ->
                                values.findings()
                                        .warn(
                                                "%s (%s) is not used: no endpoint is https"
                                                        .formatted(
                                                                values.nameOf(named),
                                                                values.find(named)
                                                                        .orElseThrow()
                                                                        .source())));
    }
}
