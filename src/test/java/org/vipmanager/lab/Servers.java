package org.vipmanager.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the programs are that {@code build/fetch-servers} unpacked. */
final class Servers {

    private Servers() {}

    /** The program in a tree, such as {@code etcd-3.5} and {@code etcd}. */
    static Path program(String tree, String name) {
        Path program = cache().resolve(tree).resolve("usr/bin").resolve(name);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    program + " is missing: run build/fetch-servers " + tree);
        }
        return program;
    }

    /** Whether the tree was unpacked here. */
    static boolean has(String tree) {
        return Files.isDirectory(cache().resolve(tree));
    }

    /** The folder of a tree. */
    static Path tree(String tree) {
        Path folder = cache().resolve(tree);
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(
                    folder + " is missing: run build/fetch-servers " + tree);
        }
        return folder;
    }

    /** Where a tree's libraries are: Debian names that folder after the architecture. */
    static Path libraries(Path tree) {
        try (var folders = Files.list(tree.resolve("usr/lib"))) {
            return folders.filter(folder -> Files.isDirectory(folder))
                    .filter(folder -> folder.getFileName().toString().contains("linux"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cache() {
        return Optional.ofNullable(System.getenv("VIP_TEST_CACHE"))
                .map(Path::of)
                .orElseGet(
                        () ->
                                Path.of(
                                        System.getProperty("user.home"),
                                        ".cache",
                                        "vip-manager-test"));
    }
}
