package org.vipmanager.web;

import org.vipmanager.core.PrintedAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this host is called by who may read it: localhost, any address, and its own name, in short,
 * in full, or with a domain that it searches names in (resolv.conf(5)). A name that only begins
 * like it, {@code pg1.evil.example}, is somebody else's.
 */
final class OwnNames {

    private final Set<String> names = new TreeSet<>(List.of("localhost"));

    /**
     * Reads the domains once.
     *
     * @param host the name of this host, in short or in full
     * @param resolver the file that names them; without it there are none
     */
    OwnNames(String host, Path resolver) {
        String full = host.toLowerCase(Locale.ROOT);
        String brief = full.replaceFirst("\\..*", "");
        names.add(full);
        names.add(brief);
        for (String domain : domains(resolver)) {
            names.add(brief + "." + domain);
        }
    }

    /**
     * Whether a {@code Host} header names this host.
     *
     * @param written the header, with or without a port
     */
    boolean contain(String written) {
        String name = withoutPort(written.strip()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        return names.contains(name) || PrintedAddress.read(name).isPresent();
    }

    private static List<String> domains(Path resolver) {
        try {
            return Files.readAllLines(resolver).stream()
                    .map(line -> List.of(line.strip().toLowerCase(Locale.ROOT).split("\\s+")))
                    .filter(words -> Set.of("search", "domain").contains(words.getFirst()))
                    .flatMap(words -> words.stream().skip(1))
                    .map(domain -> domain.replaceAll("^\\.|\\.$", ""))
                    .filter(domain -> !domain.isEmpty())
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    private static String withoutPort(String written) {
        int colon = written.lastIndexOf(':');
        boolean isPort = colon > written.lastIndexOf(']');
        return isPort ? written.substring(0, colon) : written;
    }
}
