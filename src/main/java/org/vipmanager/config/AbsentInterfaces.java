package org.vipmanager.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells which configured interfaces do not exist on this host. That is no mistake, as they are
 * waited for, but may be a slip.
 */
public final class AbsentInterfaces {

    /** One line for each interface. java.net.NetworkInterface knows only those with an address. */
    private static final Path INTERFACES = Path.of("/proc/self/net/dev");

    private AbsentInterfaces() {}

    /**
     * One sentence for each interface that is missing now; none where that cannot be found out.
     *
     * @param isKnown whether the kernel knows an interface by that name, if by none of the usual
     *     ones
     */
    public static List<String> warnings(LoadOutcome.Loaded loaded, Predicate<String> isKnown) {
        try {
            return warnings(loaded.interfaces(), names(Files.readAllLines(INTERFACES)), isKnown);
        } catch (IOException e) {
            return List.of();
        }
    }

    static List<String> warnings(
            List<Effective> wanted, List<String> present, Predicate<String> isKnown) {
        Set<String> warnings = new LinkedHashSet<>();
        for (Effective named : wanted) {
            if (!present.contains(named.value()) && !isKnown.test(named.value())) {
                warnings.add(
                        ("%s (%s): %s does not exist on this host; there are: %s. The address"
                                        + " cannot be added until it does")
                                .formatted(
                                        named.setting(),
                                        named.source(),
                                        named.value(),
                                        String.join(", ", present)));
            }
        }
        return List.copyOf(warnings);
    }

    /** Of the lines of proc_pid_net(5)'s {@code dev}: two of headings, then {@code eth0: 1 2 3}. */
    static List<String> names(List<String> lines) {
        List<String> names = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                names.add(line.substring(0, colon).strip());
            }
        }
        names.sort(null);
        return names;
    }
}
