package org.vipmanager.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The demonstration, as somebody sees it who is not root: in a user namespace, which {@code
 * build/as-root} makes.
 */
@ResourceLock(Results.FIGURES)
final class DemoLiveIT {

    @TempDir Path folder;

    /** User nobody plays it, and it ends well. */
    @Test
    void nobody_seesItEndWell() throws Exception {
        assumeTrue(Program.hasImage(), "target/image is not built");
        assumeTrue(mayRun("true"), "there is no user nobody in this user namespace");
        String asRoot = copied(Path.of("build", "as-root"), "as-root").toString();
        copied(Path.of("target", "image"), "target/image");
        Path servers = copied(Servers.tree("etcd-3.5"), "servers/etcd-3.5").getParent();
        String classPath = copiedClassPath();
        Command.run("chmod", "-R", "a+rwX", folder.toString());
        assumeTrue(mayRun(asRoot, "true"), "this kernel lets no user create namespaces");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> output = new ArrayList<>();
        Process demo =
                new ProcessBuilder(
                                asNobody(
                                        "env",
                                        "VIP_TEST_CACHE=" + servers,
                                        asRoot,
                                        java,
                                        "--enable-native-access=ALL-UNNAMED",
                                        "--sun-misc-unsafe-memory-access=allow",
                                        "-cp",
                                        classPath,
                                        Demo.class.getName()))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        try (var lines = demo.inputReader()) {
            lines.lines().forEach(output::add);
            assertThat(demo.waitFor()).as(String.join("\n", output)).isZero();
        } finally {
            demo.destroyForcibly();
        }
        assertThat(output)
                .anyMatch(line -> line.contains("the client was served again every time"));
    }

    private String copiedClassPath() throws Exception {
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> copies = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator)) {
            if (Files.exists(Path.of(entry))) {
                copies.add(copied(Path.of(entry), "classes/" + copies.size()).toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private Path copied(Path original, String name) throws Exception {
        Path copy = folder.resolve(name);
        Files.createDirectories(copy.getParent());
        Command.run("cp", "-r", "--preserve=mode", original.toString(), copy.toString());
        return copy;
    }

    private static boolean mayRun(String... command) {
        try {
            Command.run("", asNobody(command));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static List<String> asNobody(String... command) {
        List<String> words =
                new ArrayList<>(
                        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        words.addAll(List.of(command));
        return words;
    }
}
