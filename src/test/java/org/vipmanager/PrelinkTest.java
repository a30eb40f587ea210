package org.vipmanager;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** That what build/Prelink.java writes into classes does what Java would have made of them. */
final class PrelinkTest {

    @TempDir private Path folder;

    @Test
    void doesTheSame_andLeavesNothingToBeMade() throws Exception {
        Path jar = jarOfSamples();
        assertThat(leftToBeMade(jar)).isNotEmpty();

        run(jar);

        assertThat(leftToBeMade(jar)).isEmpty();
        URL[] only = {jar.toUri().toURL()};
        try (URLClassLoader rewritten =
                new URLClassLoader(only, ClassLoader.getPlatformClassLoader())) {
            Class<?> samples = rewritten.loadClass(PrelinkSamples.class.getName());
            assertThat(samples).isNotEqualTo(PrelinkSamples.class);
            assertThat(samples.getMethod("results").invoke(null))
                    .isEqualTo(PrelinkSamples.results());
        }
    }

    @Test
    void writesTheSameTwice() throws Exception {
        Path jar = jarOfSamples();
        Path copy = Files.copy(jar, folder.resolve("copy.jar"));

        run(jar);
        run(copy);

        assertThat(jar).hasSameBinaryContentAs(copy);
    }

    private static void run(Path jar) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "build/Prelink.java",
                                jar.toString())
                        .inheritIO()
                        .start();
        assertThat(process.waitFor()).isZero();
    }

    private Path jarOfSamples() throws IOException {
        URI location =
                URI.create(PrelinkSamples.class.getResource("PrelinkSamples.class").toString());
        Path classes = Path.of(location).getParent();
        Path jar = folder.resolve("samples.jar");
        try (Stream<Path> files = Files.list(classes);
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            List<Path> samples =
                    files.filter(file -> file.getFileName().toString().startsWith("PrelinkSamples"))
                            .toList();
            for (Path sample : samples) {
                zip.putNextEntry(new ZipEntry("org/vipmanager/" + sample.getFileName()));
                zip.write(Files.readAllBytes(sample));
            }
        }
        return jar;
    }

    /**
     * The classes that have switches over types, or methods of records, still to be made. Those
     * over an enum that may be null are left.
     */
    static List<String> leftToBeMade(Path jar) throws IOException {
        List<String> found = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry file : Collections.list(zip.entries())) {
                if (file.getName().endsWith(".class")
                        && isLeftToBeMade(zip.getInputStream(file).readAllBytes())) {
                    found.add(file.getName());
                }
            }
        }
        return found;
    }

    /** Looks at the instructions: the constants stay where they are. */
    private static boolean isLeftToBeMade(byte[] bytes) {
        return ClassFile.of().parse(bytes).methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .filter(InvokeDynamicInstruction.class::isInstance)
                .map(InvokeDynamicInstruction.class::cast)
                .map(InvokeDynamicInstruction::bootstrapMethod)
                .anyMatch(
                        maker ->
                                maker.methodName().equals("typeSwitch")
                                        || maker.owner().displayName().equals("ObjectMethods"));
    }
}
