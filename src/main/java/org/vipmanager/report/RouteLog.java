package org.vipmanager.report;

import org.vipmanager.core.Trigger;
import org.vipmanager.core.VirtualIp;
import org.vipmanager.log.Printable;
import org.vipmanager.provider.RouteJournal;
import org.vipmanager.provider.RouteReason;
import org.vipmanager.provider.RouteState;
import org.vipmanager.provider.RouteState.Phase;

import java.lang.System.Logger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tells every decision about routed addresses in one line of the log, and systemd what becomes of
 * them. Lives on the loop.
 */
public final class RouteLog implements RouteJournal {

    private static final Logger LOG = System.getLogger("org.vipmanager.provider");

    private static final int LONGEST = 200;

    private final LogJournal beside;
    private final Map<VirtualIp, String> conditions = new LinkedHashMap<>();

    /**
     * @param beside whose line for systemd this one is added to
     */
    public RouteLog(LogJournal beside) {
        this.beside = beside;
        beside.beside(this::summary);
    }

    @Override
    public void tell(VirtualIp vip, Trigger trigger, RouteReason reason) {
        LOG.log(RouteText.level(reason), new RouteText(vip, trigger).of(reason));
    }

    @Override
    public void changed(VirtualIp vip, RouteState state) {
        String now = condition(state.phase());
        String before = now.isEmpty() ? conditions.remove(vip) : conditions.put(vip, now);
        if (before == null || !before.equals(now)) {
            beside.tellSystemd();
        }
    }

    private static String condition(Phase phase) {
        return switch (phase) {
            case Phase.Unseen _ -> "the DCS has not answered yet";
            case Phase.Elsewhere _ -> "standing by";
            case Phase.Wanted _ -> "leading, asking the provider";
            case Phase.Switching _ -> "leading, the provider is switching";
            case Phase.Here _ -> "routed to this host";
            case Phase.Failed failed ->
                    "leading, but not routed here: " + Printable.line(failed.trouble(), LONGEST);
            case Phase.Stopped _ -> "";
        };
    }

    private String summary() {
        return conditions.entrySet().stream()
                .collect(
                        Collectors.groupingBy(
                                Map.Entry::getValue,
                                LinkedHashMap::new,
                                Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                .entrySet()
                .stream()
                .map(
                        group ->
                                (group.getValue().size() == 1
                                                ? RouteText.name(group.getValue().getFirst())
                                                : group.getValue().size() + " addresses")
                                        + ": "
                                        + group.getKey())
                .collect(Collectors.joining("; "));
    }
}
