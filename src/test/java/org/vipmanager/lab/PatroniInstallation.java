package org.vipmanager.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Patroni and the Python packages that it needs, copied where the user {@code postgres} may read
 * them.
 */
final class PatroniInstallation {

    private static final Path POSTGRESQL = Path.of("/usr/lib/postgresql/15/bin");
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final String PACKAGES = "usr/lib/python3/dist-packages";

    private final List<Path> libraries = new ArrayList<>();

    /**
     * @param tree what {@code build/fetch-servers} calls this Patroni
     */
    PatroniInstallation(String tree, Network network) {
        for (String name : List.of(tree, "patroni-python")) {
            Path source = Servers.tree(name).resolve(PACKAGES);
            Path copy = network.folder(name).resolve("lib");
            Command.run("cp", "-r", source.toString(), copy.toString());
            Command.run("chmod", "-R", "a+rX", copy.toString());
            libraries.add(copy);
        }
    }

    /** What this machine lacks to run it, if anything. */
    static Optional<String> missing() {
        if (!Files.isExecutable(POSTGRESQL.resolve("postgres"))) {
            return Optional.of("PostgreSQL 15 (the Debian package postgresql-15)");
        }
        try {
            Command.run(
                    "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "true");
        } catch (IllegalStateException e) {
            return Optional.of("root, to run PostgreSQL as the user postgres");
        }
        // The packages that are fetched are those of Debian 12, and partly compiled.
        Path packages = Servers.tree("patroni-python").resolve(PACKAGES);
        try {
            Command.run(
                    "env",
                    "PYTHONPATH=" + packages,
                    PYTHON.toString(),
                    "-c",
                    "import psycopg2, psutil");
            return Optional.empty();
        } catch (IllegalStateException e) {
            return Optional.of("a Python that loads Debian 12's packages (python3 3.11)");
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
                                PYTHON.toString()));
        all.addAll(List.of(words));
        return host.namespace().command(all.toArray(String[]::new));
    }
}
