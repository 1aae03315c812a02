package dev.linnet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.linnet.kernel.HotPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who may use whom inside the engine. The table is the law of `docs/architecture.md`: a package
/// uses
/// itself, what its row allows, and the rows above it. Calls upward go through the ops objects that
/// Linux has (`Proto`, `ProtoOps`, `NetProtocol`, `PacketType`, `FileOperations` ...).
class ArchitectureTest {
    /// Lowest layer first. In a row that is `together` the packages may use each other, in one that
    /// is `apart` they may not.
    private static final List<Row> TABLE =
            List.of(
                    Row.together("kernel"),
                    Row.together("uapi"),
                    Row.together("hook"),
                    Row.together(
                            "kernel.mm",
                            "kernel.time",
                            "kernel.sched",
                            "kernel.sysctl",
                            "kernel.mib",
                            "kernel.trace"),
                    Row.together("fs"),
                    Row.apart("fs.tmpfs", "fs.hostfs", "fs.proc"),
                    Row.together(
                            "net.core",
                            "net.core.skb",
                            "net.core.dev",
                            "net.core.sock",
                            "net.core.filter",
                            "device"),
                    Row.together("net.ipv4", "net.ipv6"),
                    Row.together("net.inet"),
                    Row.apart("net.tcp", "net.udp", "net.ping", "net.raw"),
                    Row.together("net.socket"),
                    Row.together("net.unix"),
                    Row.together("syscall"),
                    Row.together("proc"),
                    Row.together("stack"));

    /// What every package may use besides.
    private static final List<String> OUTSIDE =
            List.of("java..", "dev.linnet.wire..", "org.jspecify..", "com.google.errorprone..");

    /// The one cycle that is permitted: `SkBuff`, `NetDevice` and `Sock` refer to each other, as in
    /// Linux, and so does the view of them that a driver has.
    private static final Pattern PERMITTED_CYCLE = Pattern.compile("net\\.core(\\..*)?|device");

    private static final Pattern OTHER_MODULES = Pattern.compile(".*/dev/linnet/(wire|host)/.*");

    private static final String BASE = "dev.linnet.";

    private static final JavaClasses ENGINE = engineClasses();

    private record Row(List<String> packages, boolean useEachOther) {
        static Row together(String... packages) {
            return new Row(List.of(packages), true);
        }

        static Row apart(String... packages) {
            return new Row(List.of(packages), false);
        }
    }

    private record PackageRule(String name, List<String> mayUse) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<PackageRule> rules() {
        List<PackageRule> rules = new ArrayList<>();
        List<String> below = new ArrayList<>(OUTSIDE);
        for (Row row : TABLE) {
            List<String> own = row.packages.stream().map(BASE::concat).toList();
            for (String name : own) {
                List<String> mayUse = new ArrayList<>(below);
                mayUse.addAll(row.useEachOther ? own : List.of(name));
                rules.add(new PackageRule(name, mayUse));
            }
            below.addAll(own);
        }
        return rules.stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void packageUsesOnlyWhatTheTableAllows(PackageRule rule) {
        classes()
                .that()
                .resideInAPackage(rule.name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(rule.mayUse.toArray(String[]::new))
                .allowEmptyShould(true)
                .check(ENGINE);
    }

    @Test
    void everyPackageIsInTheTable() {
        assertThat(packages()).isNotEmpty().isSubsetOf(rules().map(PackageRule::name).toList());
    }

    @Test
    void onlyTheCoreHasCycles() {
        slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles().check(ENGINE);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Manager|Helper|Utils?)")
                .because("such a name fits anything, so anything ends up there")
                .check(ENGINE);
    }

    private static Set<String> packages() {
        return ENGINE.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    }

    /// The engine's own classes, without the tests in the same packages; and without those of other
    /// modules, which stand in the same place when the tests run on a plain class path.
    private static JavaClasses engineClasses() {
        try {
            URI classes = HotPath.class.getProtectionDomain().getCodeSource().getLocation().toURI();
            return new ClassFileImporter()
                    .withImportOption(location -> !location.contains("package-info"))
                    .withImportOption(location -> !location.matches(OTHER_MODULES))
                    .importPath(Path.of(classes));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One slice for each package, and one for the permitted cycle.
    private static final class PackageSlices implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getPackageName();
            if (!name.startsWith(BASE)) {
                return SliceIdentifier.ignore();
            }
            String inner = name.substring(BASE.length());
            return SliceIdentifier.of(
                    PERMITTED_CYCLE.matcher(inner).matches() ? "net.core" : inner);
        }

        @Override
        public String getDescription() {
            return "packages of the engine";
        }
    }
}
