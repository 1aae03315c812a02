package dev.linnet.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.util.TreeScanner;
import dev.linnet.kernel.sysctl.Conf6Sysctls;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.kernel.sysctl.FsSysctls;
import dev.linnet.kernel.sysctl.IpSysctls;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.kernel.sysctl.NeighSysctls;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.kernel.sysctl.RouteSysctls;
import dev.linnet.kernel.sysctl.Sysctl;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.sysctl.UdpSysctls;
import dev.linnet.kernel.sysctl.UnixSysctls;
import dev.linnet.tidy.SourceTree.Parsed;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Keeps `docs/reference/sysctl-without-effect.md` true: the knobs that are stored and shown, but that
/// no code looks at. Run with `-Dlinnet.regenerate` to write it.
class SysctlUseTest {
    private static final Path PAGE =
            SourceTree.root().resolve("docs/reference/sysctl-without-effect.md");

    private static final List<Class<?>> TABLES =
            List.of(
                    NetCoreSysctls.class,
                    TcpSysctls.class,
                    IpSysctls.class,
                    UdpSysctls.class,
                    RouteSysctls.class,
                    Ipv6Sysctls.class,
                    UnixSysctls.class,
                    FsSysctls.class,
                    ConfSysctls.class,
                    Conf6Sysctls.class);

    private static final String HEAD =
            """
            # Knobs without effect

            These sysctls have Linux's name, default and range, and keep what is written to them, but nothing in
            Linnet looks at them: the feature that they tune does not exist here, or does its work in another way.
            Some have no effect on Linux 6.18 either. `*` stands for the name of an interface.

            Generated from the sources by `SysctlUseTest`; do not edit. To bring the page up to date, run
            `mvn verify -Dlinnet.regenerate`.

            """;

    @Test
    void pageIsUpToDate() throws IOException, IllegalAccessException {
        String page =
                unused().stream()
                        .map(name -> "- `" + name + "`\n")
                        .collect(Collectors.joining("", HEAD, ""));
        if (System.getProperty("linnet.regenerate") != null) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("the page (-Dlinnet.regenerate writes it)").exists();
        assertThat(Files.readAllLines(PAGE))
                .as("lines of %s (-Dlinnet.regenerate writes it)", SourceTree.name(PAGE))
                .isEqualTo(page.lines().toList());
    }

    @Test
    void knobsInUseAreSeen() throws IllegalAccessException {
        assertThat(unused())
                .isNotEmpty()
                .doesNotContain(
                        "net.ipv4.tcp_sack", "net.core.somaxconn", "net.ipv4.ip_default_ttl");
    }

    private static Set<String> unused() throws IllegalAccessException {
        Set<String> used = uses();
        Set<String> unused = new TreeSet<>();
        for (Class<?> table : TABLES) {
            for (Field field : table.getFields()) {
                boolean stores = field.getType() != Sysctl.Virtual.class;
                if (stores && Sysctl.class.isAssignableFrom(field.getType())) {
                    String constant = table.getSimpleName() + "." + field.getName();
                    if (!used.contains(constant)) {
                        unused.add(name(table, (Sysctl) field.get(null)));
                    }
                }
            }
        }
        for (Field field : NeighSysctls.class.getFields()) {
            if (Sysctl.Dev.class == field.getType() && !used.contains(field.getName())) {
                Sysctl row = (Sysctl) field.get(NeighSysctls.IPV4);
                unused.add("net.ipv4.neigh.*." + row.name());
                unused.add("net.ipv6.neigh.*." + row.name());
            }
        }
        return unused;
    }

    private static String name(Class<?> table, Sysctl row) {
        if (table == ConfSysctls.class) {
            return "net.ipv4.conf.*." + row.name();
        }
        return table == Conf6Sysctls.class ? "net.ipv6.conf.*." + row.name() : row.name();
    }

    /// What the main sources select (`TcpSysctls.SACK`, and the last name alone), but for the
    /// declarations themselves.
    private static Set<String> uses() {
        Set<String> names = new HashSet<>();
        List<Path> files =
                SourceTree.javaFiles("main").stream()
                        .filter(file -> !file.toString().contains("/linnet-bench/"))
                        .toList();
        for (Parsed file : SourceTree.parse(files)) {
            String self = file.path().getFileName().toString().replace(".java", "");
            boolean handlers = file.name().contains("/sysctl/") && !self.endsWith("Sysctls");
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitMemberSelect(MemberSelectTree tree, Void unused) {
                    if (tree.getExpression() instanceof IdentifierTree type) {
                        String owner = type.getName().toString();
                        if (!owner.equals(self)) {
                            names.add(owner + "." + tree.getIdentifier());
                        }
                    }
                    if (!file.name().contains("/sysctl/") || handlers) {
                        names.add(tree.getIdentifier().toString());
                    }
                    return super.visitMemberSelect(tree, unused);
                }
            }.scan(file.unit(), null);
        }
        return names;
    }
}
