package org.vipmanager.config;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.PatroniMember;
import org.vipmanager.core.PrintedAddress;

import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads which Patroni each address asks while the DCS is silent, and finds those that cannot speak
 * for the address's key, as far as that can be known without asking.
 */
final class PatroniUrls {

    /** One question each in every interval of an outage. */
    private static final int MOST = 32;

    private static final String EXAMPLE = "http://127.0.0.1:8008";

    private final Values flat;
    private final DcsType dcsType;
    private final Optional<URI> common;
    private final Map<URI, Source> written = new HashMap<>();

    /**
     * @param flat the settings at the top, whose url is that of each entry without one
     */
    PatroniUrls(Values flat, DcsType dcsType) {
        this.flat = flat;
        this.dcsType = dcsType;
        common = read(flat);
    }

    /** The url that is written there, if it is one. */
    static Optional<URI> read(Values values) {
        return EndpointReader.url(values, Settings.PATRONI_URL, EXAMPLE);
    }

    /** Which Patroni an address asks; a Patroni that is the DCS itself is asked anyway. */
    Optional<URI> of(Values values) {
        Optional<Given> given = values.find(Settings.PATRONI_URL);
        if (given.isPresent() && dcsType == DcsType.PATRONI) {
            flat.findings()
                    .warn(
                            "%s (%s) is not used with dcs-type patroni, which asks Patroni all the time"
                                    .formatted(
                                            values.nameOf(Settings.PATRONI_URL),
                                            given.get().source()));
        }
        Optional<URI> url = given.isPresent() && values != flat ? read(values) : common;
        url.ifPresent(
                one ->
                        given.or(() -> flat.find(Settings.PATRONI_URL))
                                .ifPresent(where -> written.putIfAbsent(one, where.source())));
        return dcsType == DcsType.PATRONI ? Optional.empty() : url;
    }

    void check(List<VipConfig> vips) {
        Map<URI, VipConfig> asked = new LinkedHashMap<>();
        for (VipConfig vip : vips) {
            vip.patroniUrl()
                    .ifPresent(
                            url -> {
                                checkKey(vip, url);
                                checkShared(vip, url, asked.putIfAbsent(url, vip));
                                checkHost(url, vips);
                            });
        }
        asked.keySet().stream()
                .skip(MOST)
                .findFirst()
                .ifPresent(
                        url ->
                                mistake(
                                        url,
                                        "is one of " + asked.size() + " different urls",
                                        "name " + MOST + " at most, for those of one host"));
    }

    private void checkKey(VipConfig vip, URI url) {
        if (!PatroniMember.isLeaderKey(vip.trigger().key())) {
            flat.findings()
                    .warn(
                            ("patroni-url %s cannot speak for %s, whose trigger-key %s is no leader key of"
                                            + " Patroni (/NAMESPACE/SCOPE/leader): its answers will not"
                                            + " count")
                                    .formatted(
                                            url, vip.label(), Mistake.shown(vip.trigger().key())));
        }
    }

    private void checkShared(VipConfig vip, URI url, @Nullable VipConfig first) {
        if (first != null && !first.trigger().equals(vip.trigger())) {
            flat.findings()
                    .warn(
                            ("patroni-url %s is one member of one cluster, and cannot speak for both %s"
                                            + " (%s is \"%s\") and %s (%s is \"%s\"): what it says of"
                                            + " another will not count; give each entry of vips the url"
                                            + " of its own Patroni")
                                    .formatted(
                                            url,
                                            first.label(),
                                            Mistake.shown(first.trigger().key()),
                                            Mistake.shown(first.trigger().value()),
                                            vip.label(),
                                            Mistake.shown(vip.trigger().key()),
                                            Mistake.shown(vip.trigger().value())));
        }
    }

    /** The address is where the leader is: asked by it, each host hears the leader's Patroni. */
    private void checkHost(URI url, List<VipConfig> vips) {
        Optional<InetAddress> host = AddressText.hostOf(url);
        vips.stream()
                .filter(vip -> host.filter(vip.vip().address()::equals).isPresent())
                .findFirst()
                .ifPresent(
                        vip ->
                                mistake(
                                        url,
                                        "names "
                                                + PrintedAddress.of(vip.vip().address())
                                                + ", which moves, so that another host's Patroni may"
                                                + " answer",
                                        "write the local Patroni's, such as " + EXAMPLE));
    }

    private void mistake(URI url, String problem, String remedy) {
        Source source = written.getOrDefault(url, new Source.Nowhere());
        flat.findings()
                .mistake(
                        new Mistake(
                                Settings.PATRONI_URL.name(),
                                url.toString(),
                                source,
                                problem,
                                remedy));
    }
}
