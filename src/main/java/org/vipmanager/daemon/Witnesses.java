package org.vipmanager.daemon;

import org.vipmanager.config.Config;
import org.vipmanager.config.VipConfig;
import org.vipmanager.control.Loop;
import org.vipmanager.control.PatroniProbe;
import org.vipmanager.control.Witness;
import org.vipmanager.core.Trigger;
import org.vipmanager.dcs.patroni.HttpPatroniProbe;
import org.vipmanager.http.HttpSender;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The local Patronis of a configuration: one that asks for each url, and one witness for each key
 * beside it, whatever number of addresses they have.
 */
final class Witnesses implements AutoCloseable {

    private record Followed(URI url, Trigger trigger) {}

    private final Loop loop;
    private final Config config;
    private final Optional<HttpSender> sender;
    private final Map<URI, PatroniProbe> probes = new HashMap<>();
    private final Map<Followed, Witness> witnesses = new HashMap<>();

    Witnesses(Loop loop, Config config) {
        this.loop = loop;
        this.config = config;
        List<URI> urls =
                config.vips().stream()
                        .flatMap(vip -> vip.patroniUrl().stream())
                        .distinct()
                        .toList();
        sender =
                urls.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new SourceFactory(loop, config).sender(config.patroniTls(), urls));
    }

    /** Whom the address asks, if anybody. */
    Optional<Witness> of(VipConfig vip) {
        return vip.patroniUrl()
                .flatMap(
                        url ->
                                sender.map(
                                        through ->
                                                witnesses.computeIfAbsent(
                                                        new Followed(url, vip.trigger()),
                                                        followed -> witness(followed, through))));
    }

    private Witness witness(Followed followed, HttpSender through) {
        PatroniProbe probe =
                probes.computeIfAbsent(
                        followed.url(),
                        url ->
                                new HttpPatroniProbe(
                                        through,
                                        loop,
                                        url,
                                        config.dcsTimeout(),
                                        config.interval()));
        return new Witness(probe, followed.url().toString(), followed.trigger());
    }

    @Override
    public void close() {
        sender.ifPresent(HttpSender::close);
    }
}
