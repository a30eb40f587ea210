package org.vipmanager.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists the settings in effect, for the log at start and for {@code check}. */
final class EffectiveSettings {

    private final Config config;
    private final Values values;

    EffectiveSettings(Config config, Values values) {
        this.config = config;
        this.values = values;
    }

    List<Effective> list(VipList vips) {
        List<Effective> list = new ArrayList<>();
        for (Setting setting : Settings.ALL) {
            if (isInUse(setting)) {
                shown(setting)
                        .filter(text -> !text.isEmpty())
                        .map(text -> new Effective(setting.name(), text, sourceOf(setting)))
                        .ifPresent(list::add);
            }
        }
        list.addAll(vips.effective());
        return List.copyOf(list);
    }

    private Source sourceOf(Setting setting) {
        return values.find(setting).map(Given::source).orElse(new Source.Default());
    }

    private boolean isInUse(Setting setting) {
        boolean isFlatAddress = values.has(Settings.IP);
        return switch (setting.group()) {
            case ADDRESS -> isFlatAddress;
            case LEADER ->
                    isFlatAddress
                            || setting == Settings.DCS_TYPE
                            || setting == Settings.DCS_ENDPOINTS;
            case ETCD ->
                    config.dcs().type() == DcsType.ETCD
                            || config.dcs().type() == DcsType.PATRONI
                                    && setting.name().endsWith("-file");
            case CONSUL -> config.dcs().type() == DcsType.CONSUL;
            case PATRONI ->
                    config.dcs().type() == DcsType.PATRONI
                            || config.vips().stream().anyMatch(vip -> vip.patroniUrl().isPresent());
            case HETZNER -> isUsedByHetzner(setting);
            case COMMAND -> config.command().isPresent();
            case STATUS ->
                    setting != Settings.NOTIFY_TIMEOUT
                            || !config.status().notifyCommand().isEmpty();
            case TIMING, NETWORK, PROGRAM -> true;
        };
    }

    private boolean isUsedByHetzner(Setting setting) {
        boolean usesRobot = isInUse(ManagerType.HETZNER);
        boolean usesCloud = isInUse(ManagerType.HETZNER_CLOUD);
        if (setting.name().startsWith("hetzner-cloud")) {
            return usesCloud;
        }
        boolean isOfBoth =
                setting == Settings.HETZNER_CHECK_INTERVAL
                        || setting == Settings.HETZNER_POLL_INTERVAL
                        || setting == Settings.HETZNER_CREDENTIALS_FILE && holdsToken();
        return usesRobot || usesCloud && isOfBoth;
    }

    private boolean holdsToken() {
        return !values.has(Settings.HETZNER_CLOUD_TOKEN)
                && !values.has(Settings.HETZNER_CLOUD_TOKEN_FILE);
    }

    private boolean isInUse(ManagerType type) {
        return config.vips().stream().anyMatch(vip -> vip.managerType() == type);
    }

    private int prefixLength() {
        return config.vips().getFirst().vip().prefixLength();
    }

    private Optional<String> shown(Setting setting) {
        if (setting == Settings.DCS_ENDPOINTS) {
            return Optional.of(
                    String.join(
                            ", ", config.dcs().endpoints().stream().map(URI::toString).toList()));
        }
        if (setting == Settings.NETMASK) {
            return values.text(setting)
                    .map(
                            text ->
                                    WrittenNumber.parse(text).orElse(0) == -1
                                            ? prefixLength() + ", the default, as -1 was given"
                                            : text.strip());
        }
        if (setting == Settings.PATRONI_URL) {
            return PatroniUrls.read(values).map(URI::toString);
        }
        if (setting == Settings.TRIGGER_KEY) {
            return Optional.of(config.vips().getFirst().trigger().key());
        }
        if (setting == Settings.TRIGGER_VALUE) {
            return Optional.of(config.vips().getFirst().trigger().value());
        }
        if (setting == Settings.RETRY_NUM) {
            return Optional.of(Integer.toString(config.retryNum()));
        }
        if (setting == Settings.RETRY_AFTER) {
            return Optional.of(WrittenDuration.write(config.retryAfter()));
        }
        if (setting.isSecret()) {
            return values.text(setting).map(unused -> Secret.MASK);
        }
        return Optional.of(values.text(setting).orElse(setting.defaultText()).strip())
                .map(Mistake::shown);
    }
}
