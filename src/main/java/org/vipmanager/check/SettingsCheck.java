package org.vipmanager.check;

import org.vipmanager.config.DistantPatroni;
import org.vipmanager.config.Effective;
import org.vipmanager.config.LoadOutcome;
import org.vipmanager.config.Source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the configuration can be used, where it comes from, and what is odd about it. */
final class SettingsCheck {

    private final LoadOutcome.Loaded loaded;

    SettingsCheck(LoadOutcome.Loaded loaded) {
        this.loaded = loaded;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.good(Item.SETTINGS, "the configuration can be used: " + origin()));
        List<String> odd = new ArrayList<>(loaded.warnings());
        odd.addAll(DistantPatroni.warnings(loaded));
        for (String warning : odd) {
            findings.add(new Finding(Sign.WARNING, Item.SETTINGS, warning, Optional.empty()));
        }
        return findings;
    }

    /** How many settings come from where. */
    private String origin() {
        return loaded.effective().stream()
                .map(Effective::source)
                .collect(
                        Collectors.groupingBy(
                                SettingsCheck::kind, java.util.TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + " by " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String kind(Source source) {
        return switch (source) {
            case Source.Flag _ -> "flags";
            case Source.Variable _ -> "variables";
            case Source.Line line -> line.file().toString();
            case Source.Named named -> named.file().toString();
            case Source.Default _, Source.Nowhere _ -> "default";
        };
    }
}
