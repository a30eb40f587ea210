package org.vipmanager.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Patroni and the Python packages that it needs, copied where the user {@code postgres} may read
 * them.
 */
final class PatroniInstallation {

    private static final Path POSTGRESQL = Path.of("/usr/lib/postgresql/15/bin");
    private static final String PACKAGES = "usr/lib/python3/dist-packages";

    private final List<Path> libraries = new ArrayList<>();

    /**
     * @param tree what {@code build/fetch-servers} calls this Patroni
     */
    PatroniInstallation(String tree, Network network) {
        if (!Files.isExecutable(POSTGRESQL.resolve("postgres"))) {
            throw new IllegalStateException(POSTGRESQL + " is missing: install postgresql-15");
        }
        for (String name : List.of(tree, "patroni-python")) {
            Path source = Servers.tree(name).resolve(PACKAGES);
            Path copy = network.folder(name).resolve("lib");
            Command.run("cp", "-r", source.toString(), copy.toString());
            Command.run("chmod", "-R", "a+rX", copy.toString());
            libraries.add(copy);
        }
    }

    Path postgresql() {
        return POSTGRESQL;
    }

    /** The command line of a Python module of Patroni as the user of the database. */
    List<String> command(Host host, String... words) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=postgres",
                                "--regid=postgres",
                                "--clear-groups",
                                "env",
                                "HOME=/nonexistent",
                                "LC_ALL=C.UTF-8",
                                "PYTHONDONTWRITEBYTECODE=1",
                                "PYTHONPATH=" + libraries.get(0) + ":" + libraries.get(1),
                                "/usr/bin/python3"));
        all.addAll(List.of(words));
        return host.namespace().command(all.toArray(String[]::new));
    }
}
