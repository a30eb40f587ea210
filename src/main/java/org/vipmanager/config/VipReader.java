package org.vipmanager.config;

import org.jspecify.annotations.Nullable;
import org.vipmanager.core.PrintedAddress;
import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the addresses: that of the flat settings, and those of the list. */
final class VipReader {

    private final Values flat;
    private final Map<Setting, Given> common;
    private final DcsType dcsType;
    private final Supplier<String> hostName;
    private final PatroniUrls patroniUrls;

    /**
     * @param common the settled values at the top, which the entries of the list share
     * @param hostName asked only when no trigger-value was written
     */
    VipReader(Values flat, Map<Setting, Given> common, DcsType dcsType, Supplier<String> hostName) {
        this.flat = flat;
        this.common = common;
        this.dcsType = dcsType;
        this.hostName = hostName;
        this.patroniUrls = new PatroniUrls(flat, dcsType);
    }

    /**
     * The flat settings' address, unless only the list has some, and those of the list.
     *
     * @param renamed gets a line for every old name whose value counts
     */
    VipList read(ConfigFile.Content file, List<String> renamed) {
        VipList vips = new VipList(flat.findings());
        if (flat.has(Settings.IP) || file.vips().isEmpty()) {
            vip(flat).ifPresent(vip -> vips.add(vip, flat, Optional.empty()));
        }
        int index = 0;
        for (ConfigFile.Entry entry : file.vips()) {
            String prefix = Settings.VIPS + "[" + index + "].";
            Map<Setting, Given> own =
                    Precedence.of(entry.settings()).settle(flat.findings(), renamed);
            takeWhatIsLeftOut(own);
            Values values = new Values(own, absences(entry, file.flat()), flat.findings(), prefix);
            vip(values).ifPresent(vip -> vips.add(vip, values, entry.label()));
            index++;
        }
        patroniUrls.check(vips.all());
        return vips;
    }

    /** What an entry leaves out is what stands at the top; its address is its own. */
    private void takeWhatIsLeftOut(Map<Setting, Given> own) {
        for (Setting setting : Settings.OF_A_VIP) {
            Given shared = common.get(setting);
            if (shared == null || setting == Settings.IP || setting == Settings.PATRONI_URL) {
                continue;
            }
            if (setting != Settings.NETMASK || fits(shared, own.get(Settings.IP))) {
                own.putIfAbsent(setting, shared);
            }
        }
    }

    /** A prefix length at the top is meant for the addresses of one family. */
    private static boolean fits(Given netmask, @Nullable Given ip) {
        OptionalLong bits = WrittenNumber.parse(netmask.text());
        if (ip == null || bits.isEmpty() || bits.getAsLong() < 0) {
            return true;
        }
        return ip.text().contains(":") == bits.getAsLong() > 32;
    }

    private static Values.Absences absences(ConfigFile.Entry entry, Layer top) {
        Set<Setting> spoiled = new HashSet<>(top.spoiled());
        spoiled.remove(Settings.IP);
        spoiled.addAll(entry.settings().spoiled());
        return new Values.Absences(entry.settings().empties(), spoiled, false, entry.source());
    }

    private Optional<VipConfig> vip(Values values) {
        ManagerType managerType = managerType(values);
        Optional<VirtualIp> vip = new AddressReader(values).read(managerType);
        Optional<Trigger> trigger = new TriggerReader(values, dcsType, hostName).read();
        return vip.isEmpty() || trigger.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new VipConfig(
                                vip.get(),
                                trigger.get(),
                                patroniUrls.of(values),
                                managerType,
                                PrintedAddress.of(vip.get().address())));
    }

    private static ManagerType managerType(Values values) {
        return switch (values.choice(Settings.MANAGER_TYPE)) {
            case "hetzner" -> ManagerType.HETZNER;
            case "hetzner-cloud" -> ManagerType.HETZNER_CLOUD;
            case "command" -> ManagerType.COMMAND;
            default -> ManagerType.BASIC;
        };
    }
}
