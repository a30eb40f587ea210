package org.vipmanager.config;

import org.vipmanager.core.PrintedAddress;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the addresses and refuses what is in it already. */
final class VipList {

    private final Findings findings;
    private static final int LONGEST_LABEL = 100;

    private final List<VipConfig> vips = new ArrayList<>();
    private final List<Effective> effective = new ArrayList<>();
    private final List<Effective> interfaces = new ArrayList<>();
    private final Map<InetAddress, Source> addresses = new HashMap<>();
    private final Map<String, Source> labels = new HashMap<>();

    VipList(Findings findings) {
        this.findings = findings;
    }

    List<VipConfig> all() {
        return List.copyOf(vips);
    }

    /**
     * @param label what the entry calls it; else it is called by its address
     */
    void add(VipConfig vip, Values values, Optional<Given> label) {
        Given ip = values.find(Settings.IP).orElseThrow();
        Source first = addresses.putIfAbsent(vip.vip().address(), ip.source());
        if (first != null) {
            values.wrong(
                    Settings.IP,
                    ip,
                    "is already managed (" + first + ")",
                    "keep only one of them: an address can be on one interface, for one key");
            return;
        }
        String name = label.map(given -> given.text().strip()).orElse(vip.label());
        if (name.length() > LONGEST_LABEL) {
            findings.mistake(
                    values.prefix() + Settings.LABEL,
                    label.orElseThrow(),
                    "is longer than " + LONGEST_LABEL + " characters",
                    "write a short name: it stands in lines of the log");
            return;
        }
        Source labelled = label.map(Given::source).orElse(ip.source());
        Source firstLabelled = labels.putIfAbsent(name, labelled);
        if (firstLabelled != null && label.isPresent()) {
            findings.mistake(
                    values.prefix() + Settings.LABEL,
                    label.get(),
                    "already names another address (" + firstLabelled + ")",
                    "give each address its own label");
        }
        VipConfig named =
                new VipConfig(vip.vip(), vip.trigger(), vip.patroniUrl(), vip.managerType(), name);
        vips.add(named);
        if (named.isLocal()) {
            Given where = values.find(Settings.INTERFACE).orElseThrow();
            interfaces.add(
                    new Effective(
                            Settings.INTERFACE.name(),
                            named.vip().interfaceName(),
                            where.source()));
        }
        if (!values.prefix().isEmpty()) {
            effective.add(effective(named, values.prefix(), ip.source()));
        }
    }

    /** A line for each entry of the list; the flat settings have lines of their own. */
    List<Effective> effective() {
        return List.copyOf(effective);
    }

    /** Where the interface of each address is written; addresses may share one. */
    List<Effective> interfaces() {
        return List.copyOf(interfaces);
    }

    private static Effective effective(VipConfig vip, String prefix, Source source) {
        String called =
                vip.label().equals(PrintedAddress.of(vip.vip().address()))
                        ? ""
                        : vip.label() + ": ";
        String name = prefix.substring(0, prefix.length() - 1);
        String value =
                "%s%s while %s is \"%s\", manager-type %s%s"
                        .formatted(
                                called,
                                vip.vip(),
                                vip.trigger().key(),
                                vip.trigger().value(),
                                vip.managerType().word(),
                                vip.patroniUrl().map(url -> ", patroni-url " + url).orElse(""));
        return new Effective(name, value, source);
    }
}
