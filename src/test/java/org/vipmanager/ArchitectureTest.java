package org.vipmanager;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Keeps the direction of the dependencies as docs/architecture.md draws it: decisions know nothing
 * of the world, adapters nothing of each other, and only the wiring knows all.
 */
final class ArchitectureTest {

    /** A package, what of ours it may use beside itself, and which libraries beside the JDK. */
    enum Part {
        CORE("core", List.of(), List.of()),
        CONTROL("control", List.of("core", "log"), List.of()),
        RETRY("retry", List.of("core"), List.of()),
        ETCD(
                "dcs.etcd",
                List.of("control", "core", "retry", "tls", "http", "log"),
                List.of("io.grpc", "com.google.protobuf", "com.google.common")),
        DISCOVERY("discovery", List.of("control", "core", "log"), List.of()),
        CONSUL("dcs.consul", List.of("control", "core", "retry", "tls", "http", "log"), List.of()),
        PATRONI("dcs.patroni", List.of("control", "core", "tls", "http", "log"), List.of()),
        NETLINK("netlink", List.of("posix", "control", "core"), List.of()),
        ARP("arp", List.of("posix", "control", "core"), List.of()),
        PROGRAM("program", List.of("log", "posix"), List.of()),
        PROVIDER("provider", List.of("control", "core", "log", "program"), List.of()),
        HETZNER("hetzner", List.of("control", "core", "http", "provider", "log"), List.of()),
        TLS("tls", List.of("core"), List.of()),
        HTTP("http", List.of("control", "core", "tls"), List.of("com.fasterxml.jackson.core")),
        LOG("log", List.of(), List.of()),
        REPORT("report", List.of("control", "core", "log", "provider", "systemd"), List.of()),
        POSIX("posix", List.of("control", "core"), List.of()),
        WARMUP(
                "warmup",
                List.of("control", "core", "netlink", "arp", "posix", "report"),
                List.of()),
        SYSTEMD("systemd", List.of("posix", "log"), List.of()),
        CONFIG("config", List.of("core", "tls", "log"), List.of("org.snakeyaml.engine")),
        NOTIFY(
                "notify",
                List.of("control", "core", "log", "posix", "program", "report"),
                List.of()),
        WEB(
                "web",
                List.of("control", "core", "http", "log", "provider", "status", "tls"),
                List.of(
                        "com.sun.net.httpserver",
                        "com.fasterxml.jackson.core",
                        "io.prometheus.metrics")),
        STATUS(
                "status",
                List.of("control", "core", "log", "posix", "provider", "report"),
                List.of("com.fasterxml.jackson.core"));

        private final String name;
        private final List<String> ours;
        private final List<String> libraries;

        Part(String name, List<String> ours, List<String> libraries) {
            this.name = name;
            this.ours = ours;
            this.libraries = libraries;
        }

        String pattern() {
            return ROOT + "." + name + "..";
        }

        String[] mayUse() {
            return Stream.of(
                            Stream.of("java..", "javax..", "jdk..", "org.jspecify.annotations"),
                            Stream.of(pattern()),
                            ours.stream().map(other -> ROOT + "." + other + ".."),
                            libraries.stream().map(library -> library + ".."))
                    .flatMap(names -> names)
                    .toArray(String[]::new);
        }
    }

    private static final String ROOT = "org.vipmanager";

    /** These see everything: they wire it together. */
    private static final List<String> WIRING =
            List.of(ROOT, ROOT + ".check", ROOT + ".cli", ROOT + ".daemon");

    private static final Set<Part> NOT_WRITTEN_YET = EnumSet.noneOf(Part.class);

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);

    @ParameterizedTest
    @EnumSource(Part.class)
    void eachPartUsesOnlyWhatItMay(Part part) {
        classes()
                .that()
                .resideInAPackage(part.pattern())
                .should()
                .onlyDependOnClassesThat(
                        JavaClass.Predicates.resideInAnyPackage(part.mayUse())
                                .or(primitivesAndTheirArrays()))
                .allowEmptyShould(NOT_WRITTEN_YET.contains(part))
                .check(CLASSES);
    }

    @Test
    void everyPackageIsOneOfTheParts() {
        Set<String> known =
                Stream.concat(
                                WIRING.stream(),
                                Arrays.stream(Part.values()).map(part -> ROOT + "." + part.name))
                        .collect(toCollection(TreeSet::new));

        assertThat(ownPackages()).allMatch(name -> known.stream().anyMatch(isOrHolds(name)));
    }

    @Test
    void partsDependOnEachOtherInOneDirection() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void decisionsTouchNoClockThreadFileOrSocket() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.lang\\.(Thread|ProcessHandle|Process|System\\$Logger).*"
                                + "|java\\.util\\.(Timer|Random|logging\\..*)"
                                + "|java\\.net\\..*Socket.*"
                                + "|java\\.time\\.(Clock|InstantSource)"
                                + "|java\\.util\\.concurrent\\..*Executor.*")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(CLASSES);
    }

    /** All of it is what the simulation runs. */
    @Test
    void whatFollowsKeysInEtcdKnowsNoGrpc() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".dcs.etcd")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.grpc..",
                        "com.google..",
                        ROOT + ".dcs.etcd.grpc..",
                        ROOT + ".dcs.etcd.proto..",
                        ROOT + ".http..",
                        ROOT + ".tls..")
                .check(CLASSES);
    }

    /** The lowest storey: whoever wants something of the kernel asks for that, not by messages. */
    @Test
    void onlyNetlinkSpeaksItsProtocol() {
        String netlink = Part.NETLINK.name;
        String protocol = ROOT + "." + netlink + ".protocol";
        noClasses()
                .that()
                .resideOutsideOfPackage(Part.NETLINK.pattern())
                .should()
                .dependOnClassesThat()
                .resideInAPackage(protocol)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(protocol)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "." + netlink, ROOT + "." + netlink + ".reset")
                .check(CLASSES);
    }

    @Test
    void onlyPosixCallsForeignFunctions() {
        noClasses()
                .that()
                .resideOutsideOfPackage(Part.POSIX.pattern())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CLASSES);
    }

    @Test
    void nothingButTheWiringUsesTheConfiguration() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        Stream.concat(WIRING.stream(), Stream.of(Part.CONFIG.pattern()))
                                .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(Part.CONFIG.pattern())
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        Set<String> without = ownPackages();
        CLASSES.stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .filter(type -> type.isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .forEach(without::remove);

        assertThat(without).isEmpty();
    }

    /** The packages of hand-written classes: generated ones lie in a package called "proto". */
    private static Set<String> ownPackages() {
        return CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.endsWith(".proto"))
                .collect(toCollection(TreeSet::new));
    }

    private static java.util.function.Predicate<String> isOrHolds(String name) {
        return part -> name.equals(part) || (!part.equals(ROOT) && name.startsWith(part + "."));
    }

    private static DescribedPredicate<JavaClass> primitivesAndTheirArrays() {
        return describe("primitives", type -> type.getBaseComponentType().isPrimitive());
    }
}
