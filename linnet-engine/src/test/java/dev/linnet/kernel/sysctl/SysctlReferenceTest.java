package dev.linnet.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.ReferencePage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// `docs/reference/sysctl.md` says what the tables say.
class SysctlReferenceTest {
    private static final String INTRO =
            """
            The knobs of a stack: the names, defaults and ranges of Linux 6.18. They are read and written by
            name through `SysctlValues.read` and `write`, which take the texts that `/proc/sys` takes and
            give its errnos, and by code through the constants of the classes named here.

            Defaults are those of the first namespace on a machine with 8 GiB; knobs in *italics* depend on
            the memory. A range that is left out is that of the type. `first` in the column "where" means one
            value for all namespaces of a stack, which only the first shows; `first writes` that the others
            show it too; `inherited` that a new namespace begins with the value of the first. "With all" says
            how the value of a device and that of `all` make the one that counts.
            """;

    private final SysctlValues values = SysctlValues.initial(Machine.ofMemory(8L << 30));
    private final SysctlValues smaller = SysctlValues.initial(Machine.ofMemory(1L << 30));

    @Test
    void thePageSaysWhatTheTablesSay() {
        ReferencePage page = new ReferencePage("sysctl.md", "Sysctls", INTRO);
        namespaceTable(page, FsSysctls.class, FsSysctls.TABLE);
        namespaceTable(page, NetCoreSysctls.class, NetCoreSysctls.TABLE);
        namespaceTable(page, TcpSysctls.class, TcpSysctls.TABLE);
        namespaceTable(page, IpSysctls.class, IpSysctls.TABLE);
        namespaceTable(page, UdpSysctls.class, UdpSysctls.TABLE);
        namespaceTable(page, RouteSysctls.class, RouteSysctls.TABLE);
        namespaceTable(page, Ipv6Sysctls.class, Ipv6Sysctls.TABLE);
        namespaceTable(page, UnixSysctls.class, UnixSysctls.TABLE);
        namespaceTable(page, NeighSysctls.class, NeighSysctls.TABLE);
        values.addIpv4("NAME", false);
        values.addIpv6("NAME", 1500, false, false);
        deviceTable(page, ConfSysctls.class, ConfSysctls.TABLE);
        deviceTable(page, Conf6Sysctls.class, Conf6Sysctls.TABLE);
        deviceTable(page, NeighSysctls.class, NeighSysctls.IPV4.table());
        deviceTable(page, NeighSysctls.class, NeighSysctls.IPV6.table());
        page.check();
    }

    @Test
    void everyKnobIsExplained() {
        for (String name : values.names()) {
            Sysctl row = values.row(name);
            assertThat(row).as(name).isNotNull();
            assertThat(row.spec().meaning()).as(name).isNotBlank().doesNotEndWith(".");
        }
    }

    private void namespaceTable(ReferencePage page, Class<?> holder, SysctlTable table) {
        table(page, holder.getSimpleName(), "Where");
        for (Sysctl row : table.rows()) {
            String name = row.name();
            boolean byMemory =
                    !SysctlFacts.shown(values, name).equals(SysctlFacts.shown(smaller, name));
            String mark = byMemory ? "*" : "";
            page.row(
                    mark + name + mark,
                    type(row),
                    SysctlFacts.shown(values, name).replace("\t", " ").replace("!EACCES", ""),
                    range(values, name),
                    where(row),
                    row.spec().meaning());
        }
    }

    private void deviceTable(ReferencePage page, Class<?> holder, DevTable table) {
        table(page, table.prefix() + ".NAME (" + holder.getSimpleName() + ")", "With all");
        for (Sysctl row : table.rows()) {
            String name = table.prefix() + ".default." + row.name();
            String combine =
                    row instanceof Sysctl.Dev dev && dev.combine() != Sysctl.Combine.DEV
                            ? dev.combine().name().toLowerCase(Locale.ROOT)
                            : "";
            page.row(
                    row.name(),
                    type(row),
                    SysctlFacts.shown(values, name).replace("!EIO", ""),
                    range(values, name),
                    combine,
                    row.spec().meaning());
        }
    }

    private static void table(ReferencePage page, String heading, String column) {
        page.table(heading, "Name", "Type", "Default", "Range", column, "Meaning");
    }

    private static String type(Sysctl row) {
        SysctlSpec spec = row.spec();
        String type = row instanceof Sysctl.Bits ? "set" : spec.conv().unit();
        String count = spec.count() > 1 ? spec.count() + " × " : "";
        return switch (spec.mode()) {
            case SysctlSpec.READ_ONLY -> count + type + ", read only";
            case SysctlSpec.WRITE_ONLY -> count + type + ", write only";
            default -> count + type;
        };
    }

    private static String where(Sysctl row) {
        return switch (row.spec().scope()) {
            case NAMESPACE -> "";
            case INHERITED -> "inherited";
            case INITIAL -> "first";
            case INITIAL_READABLE, INITIAL_WRITABLE -> "first writes";
        };
    }

    private static String range(SysctlValues values, String name) {
        Sysctl row = values.row(name);
        String[] range = shownRange(values, name);
        if (row == null || range == null || (row.spec().mode() & 0200) == 0) {
            return "";
        }
        SysctlSpec spec = row.spec();
        long min = spec.min().applyAsLong(values);
        long max = spec.max().applyAsLong(values);
        boolean all =
                switch (spec.conv()) {
                    case UINT -> min == 0 && max == 0xffff_ffffL;
                    case ULONG -> min == 0 && max == -1;
                    case UNRES_QLEN, PIPE_SIZE -> true;
                    default -> min == Integer.MIN_VALUE && max == Integer.MAX_VALUE;
                };
        return all ? "" : range[0] + " to " + range[1];
    }

    /// The least and the greatest number that a knob takes, as they are shown, or null if it is no
    /// number.
    static String @Nullable [] shownRange(SysctlValues values, String name) {
        Sysctl row = values.row(name);
        if (row == null || row.spec().conv().storage() == Conv.Storage.OBJECT) {
            return null;
        }
        SysctlSpec spec = row.spec();
        int hz = values.machine().hz();
        long min = spec.min().applyAsLong(values);
        long max = spec.max().applyAsLong(values);
        return new String[] {spec.conv().show(min, hz), spec.conv().show(max, hz)};
    }
}
