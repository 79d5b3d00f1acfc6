package io.github.orgmilter;

import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages depend downwards only, and each on no more than it needs. */
class ArchitectureTest {

    private static final String ROOT = "io.github.orgmilter.";
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.github.orgmilter");

    /** What a package may use, beside itself: our own packages by name, others by pattern. */
    private record Floor(String name, Set<String> below, List<String> libraries) {
        String[] allowed() {
            return Stream.of(Stream.of(name), below.stream(), Stream.of("org.jspecify.annotations"), libraries.stream())
                    .flatMap(packages -> packages)
                    .map(it -> it.contains(".") ? it : ROOT + it + "..")
                    .toArray(String[]::new);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String[] VALUES = {
        "java.lang..", "java.util", "java.util.function", "java.util.regex", "java.util.stream"
    };

    // Pure values and pure rules: no clock, no logger, no file, no network, no thread.
    private static final List<Floor> FLOORS = List.of(
            new Floor(
                    "identity",
                    Set.of(),
                    with(VALUES, "java.nio", "java.nio.charset", "inet.ipaddr..", "com.ibm.icu..")),
            new Floor("index", Set.of("identity"), with(VALUES)),
            new Floor("header", Set.of("identity"), with(VALUES, "java.nio", "java.nio.charset")),
            new Floor("organization", Set.of("identity", "index", "header"), with(VALUES)),
            new Floor("domains", Set.of("identity", "index", "organization"), with(VALUES)),
            new Floor("identification", Set.of("identity", "index", "header", "organization", "domains"), with(VALUES)),
            new Floor("verdict", Set.of("identity", "organization"), with(VALUES)),
            new Floor("partner", Set.of("identity", "organization", "identification"), with(VALUES)),
            new Floor(
                    "policy",
                    Set.of(
                            "identity",
                            "index",
                            "header",
                            "organization",
                            "domains",
                            "identification",
                            "partner",
                            "verdict"),
                    with(VALUES)),
            new Floor(
                    "authors",
                    Set.of("identity", "header", "organization", "identification", "policy", "verdict"),
                    with(VALUES, "java.nio.charset")),
            new Floor("who", Set.of("identity", "organization", "partner", "policy"), with(VALUES)),
            new Floor(
                    "activity",
                    Set.of("identity", "organization", "identification", "policy", "verdict"),
                    List.of("java..")),
            new Floor("net", Set.of("identity"), List.of("java..", "io.netty..", "org.slf4j..")),
            new Floor("machine", Set.of("identity"), List.of("java..")),
            new Floor("asking", Set.of("identity"), List.of("java..")),
            new Floor("postfix", Set.of("identity", "machine", "asking"), List.of("java..")),
            new Floor("certificate", Set.of("identity"), List.of("java..", "org.bouncycastle..")),
            new Floor("document", Set.of("identity"), List.of("java..", "com.typesafe.config..")),
            new Floor("hocon", Set.of("identity", "document"), List.of("java..", "com.typesafe.config..")),
            new Floor("suffix", Set.of("identity", "organization", "document"), List.of("java..")),
            // Knows settings, and not what they are read from.
            new Floor(
                    "settings",
                    Set.of("identity", "header", "index", "organization", "certificate", "document", "suffix"),
                    List.of("java..")),
            new Floor(
                    "rows",
                    Set.of("identity", "header", "organization", "document", "suffix", "settings"),
                    List.of("java..")),
            new Floor("shrink", Set.of("identity", "rows"), List.of("java..")),
            new Floor(
                    "directory",
                    Set.of("identity", "organization", "document", "settings", "rows", "shrink"),
                    List.of("java..", "org.slf4j..")),
            new Floor(
                    "sql",
                    Set.of("identity", "organization", "rows", "directory"),
                    List.of("java..", "javax.net.ssl", "org.slf4j..", "org.postgresql..", "org.mariadb.jdbc..")),
            new Floor(
                    "ldap",
                    Set.of("identity", "organization", "document", "rows", "directory"),
                    List.of("java..", "javax.net..", "com.unboundid..")),
            new Floor(
                    "config",
                    Set.of(
                            "identity",
                            "header",
                            "organization",
                            "policy",
                            "verdict",
                            "net",
                            "certificate",
                            "document",
                            "hocon",
                            "suffix",
                            "settings",
                            "rows",
                            "directory",
                            "sql",
                            "ldap"),
                    List.of("java..", "com.typesafe.config..")),
            new Floor(
                    "follower",
                    Set.of("organization", "document", "settings", "rows", "directory", "net"),
                    List.of("java..", "org.slf4j..")),
            new Floor(
                    "log",
                    Set.of("identity", "organization", "identification", "policy", "verdict"),
                    List.of("java..", "org.slf4j..", "ch.qos.logback..")),
            new Floor(
                    "mta",
                    Set.of("identity", "organization", "identification", "policy", "verdict", "net", "log"),
                    List.of("java..", "io.netty..", "org.nightcode.milter..")),
            new Floor(
                    "milter",
                    Set.of(
                            "activity",
                            "mta",
                            "identity",
                            "header",
                            "organization",
                            "identification",
                            "policy",
                            "verdict",
                            "authors",
                            "net",
                            "log"),
                    List.of("java..", "io.netty..", "org.nightcode.milter..", "org.slf4j..")),
            new Floor(
                    "delegation",
                    Set.of(
                            "activity",
                            "identity",
                            "organization",
                            "identification",
                            "policy",
                            "authors",
                            "verdict",
                            "config",
                            "net",
                            "log",
                            "milter"),
                    List.of("java..", "io.netty..", "org.slf4j..")),
            new Floor(
                    "map",
                    Set.of("identity", "organization", "policy", "config", "net"),
                    List.of("java..", "io.netty..", "org.slf4j..")),
            new Floor(
                    "export",
                    Set.of("identity", "organization", "policy", "net", "document", "config"),
                    List.of("java..", "com.ibm.icu..")),
            new Floor(
                    "metrics",
                    Set.of(
                            "identity",
                            "policy",
                            "verdict",
                            "net",
                            "certificate",
                            "organization",
                            "settings",
                            "config",
                            "milter",
                            "delegation",
                            "follower",
                            "map",
                            "log"),
                    List.of("java..", "io.prometheus..")),
            new Floor(
                    "wiring",
                    Set.of(
                            "identity",
                            "organization",
                            "policy",
                            "net",
                            "certificate",
                            "config",
                            "export",
                            "machine",
                            "asking"),
                    List.of("java..", "com.typesafe.config..")),
            new Floor(
                    "sendmail",
                    Set.of("identity", "organization", "config", "export", "policy", "machine", "asking", "wiring"),
                    List.of("java..")),
            new Floor(
                    "doctor",
                    Set.of(
                            "identity",
                            "organization",
                            "policy",
                            "net",
                            "config",
                            "export",
                            "machine",
                            "asking",
                            "postfix",
                            "wiring"),
                    List.of("java..")),
            new Floor("admin", Set.of("identity", "net"), List.of("java..", "io.netty..", "org.slf4j..")),
            new Floor(
                    "explain",
                    Set.of(
                            "who",
                            "mta",
                            "identity",
                            "header",
                            "document",
                            "organization",
                            "domains",
                            "identification",
                            "policy",
                            "verdict",
                            "authors",
                            "log",
                            "milter"),
                    List.of("java..", "com.typesafe.config..")),
            new Floor(
                    "probe",
                    Set.of("identity", "organization", "identification", "policy", "verdict", "mta"),
                    List.of(
                            "java..",
                            "javax.naming..",
                            "javax.net.ssl",
                            "javax.security.auth.x500",
                            "com.typesafe.config..")),
            new Floor(
                    "journal",
                    Set.of("mta", "identity", "organization", "identification", "policy", "verdict"),
                    List.of("java..")),
            new Floor(
                    "replay",
                    Set.of(
                            "journal",
                            "identity",
                            "header",
                            "organization",
                            "identification",
                            "policy",
                            "verdict",
                            "authors",
                            "document",
                            "explain"),
                    List.of("java..", "com.typesafe.config..")),
            new Floor(
                    "report",
                    Set.of("journal", "identity", "identification", "policy", "document"),
                    List.of("java..", "com.typesafe.config..")),
            new Floor(
                    "live",
                    Set.of(
                            "organization",
                            "domains",
                            "identification",
                            "policy",
                            "settings",
                            "document",
                            "identity",
                            "config",
                            "rows",
                            "directory",
                            "sql",
                            "ldap",
                            "follower",
                            "explain",
                            "metrics",
                            "admin"),
                    List.of("java..", "org.slf4j..")),
            new Floor(
                    "console",
                    Set.of(
                            "who",
                            "mta",
                            "identity",
                            "organization",
                            "identification",
                            "policy",
                            "verdict",
                            "activity",
                            "settings",
                            "certificate",
                            "document",
                            "net",
                            "config",
                            "follower",
                            "live",
                            "explain",
                            "admin"),
                    List.of("java..", "j2html..")),
            new Floor(
                    "daemon",
                    Set.of(
                            "activity",
                            "console",
                            "identity",
                            "organization",
                            "policy",
                            "settings",
                            "rows",
                            "directory",
                            "live",
                            "net",
                            "certificate",
                            "document",
                            "config",
                            "milter",
                            "delegation",
                            "map",
                            "metrics",
                            "admin"),
                    List.of("java..", "io.netty..", "org.slf4j..")),
            new Floor(
                    "cli",
                    Set.of(
                            "who",
                            "probe",
                            "mta",
                            "identity",
                            "organization",
                            "domains",
                            "identification",
                            "policy",
                            "header",
                            "authors",
                            "verdict",
                            "settings",
                            "rows",
                            "directory",
                            "live",
                            "explain",
                            "journal",
                            "replay",
                            "report",
                            "net",
                            "certificate",
                            "document",
                            "config",
                            "milter",
                            "delegation",
                            "map",
                            "export",
                            "machine",
                            "asking",
                            "doctor",
                            "sendmail",
                            "wiring",
                            "metrics",
                            "daemon",
                            "admin"),
                    List.of(
                            "java..",
                            "javax.xml",
                            "javax.xml.parsers",
                            "org.xml.sax..",
                            "com.typesafe.config..",
                            "io.netty..",
                            "org.slf4j..",
                            "ch.qos.logback..",
                            "picocli..")));

    private static List<String> with(String[] values, String... more) {
        return Stream.concat(Stream.of(values), Stream.of(more)).toList();
    }

    static List<Floor> floors() {
        return FLOORS;
    }

    @ParameterizedTest(name = "{0} uses nothing but what stands below it", quoteTextArguments = false)
    @MethodSource("floors")
    void usesOnlyWhatStandsBelow(Floor floor) {
        classes()
                .that()
                .resideInAPackage(ROOT + floor.name() + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(floor.allowed())
                .check(PRODUCT);
    }

    @Test
    void everyPackageHasItsFloor() {
        Set<String> packages = PRODUCT.stream()
                .map(it -> it.getPackageName().substring(ROOT.length()))
                .map(name -> name.split("\\.")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(FLOORS.stream().map(Floor::name)).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void thePackagesFormNoCircle() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    @Test
    void theRulesDependOnNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "identity..",
                        ROOT + "index..",
                        ROOT + "header..",
                        ROOT + "organization..",
                        ROOT + "domains..",
                        ROOT + "identification..",
                        ROOT + "verdict..",
                        ROOT + "partner..",
                        ROOT + "policy..",
                        ROOT + "authors..",
                        ROOT + "who..")
                .should()
                .callMethodWhere(JavaCall.Predicates.target(
                        nameMatching("currentTimeMillis|nanoTime|random|getenv|getProperty")))
                .check(PRODUCT);
    }
}
