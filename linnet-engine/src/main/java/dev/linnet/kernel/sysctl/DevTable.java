package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Sysctl.Combine;
import dev.linnet.kernel.sysctl.SysctlSpec.Scope;
import dev.linnet.kernel.sysctl.SysctlStore.Slots;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The rows of a directory that every device has, such as `net.ipv4.conf.NAME`, and the methods that
/// declare them.
final class DevTable {
    private static final long INT_MIN = Integer.MIN_VALUE;
    private static final long INT_MAX = Integer.MAX_VALUE;

    final Slots slots = new Slots();
    private final String prefix;
    private final ProcHandler handler;
    private final Map<String, Sysctl> rows = new LinkedHashMap<>();

    /// @param prefix the directory above those of the devices, `net.ipv4.conf`
    /// @param handler what reads and writes the rows that have no handler of their own
    DevTable(String prefix, ProcHandler handler) {
        this.prefix = prefix;
        this.handler = handler;
    }

    String prefix() {
        return prefix;
    }

    Collection<Sysctl> rows() {
        return Collections.unmodifiableCollection(rows.values());
    }

    @Nullable Sysctl row(String leaf) {
        return rows.get(leaf);
    }

    private Sysctl.Dev add(SysctlSpec spec, int slot, Combine combine) {
        Sysctl.Dev row = new Sysctl.Dev(spec, slot, combine);
        rows.put(spec.name(), row);
        return row;
    }

    private static SysctlSpec spec(
            String leaf,
            int mode,
            Conv conv,
            ToLongFunction<Machine> def,
            long min,
            long max,
            ProcHandler handler,
            String meaning) {
        return new SysctlSpec(
                leaf,
                meaning,
                Scope.NAMESPACE,
                mode,
                conv,
                1,
                v -> min,
                v -> max,
                def::applyAsLong,
                handler);
    }

    /// A row of any kind; the default is given in the unit that is shown.
    Sysctl.Dev row(
            String leaf, Conv conv, long def, long min, long max, Combine combine, String meaning) {
        ToLongFunction<Machine> initial = m -> stored(conv, def, m);
        SysctlSpec spec =
                spec(leaf, SysctlSpec.READ_WRITE, conv, initial, min, max, handler, meaning);
        return add(spec, slots.take(Conv.Storage.INT, 1), combine);
    }

    private static long stored(Conv conv, long shown, Machine machine) {
        long[] out = new long[1];
        if (!conv.parse(shown < 0, Math.abs(shown), machine.hz(), out)) {
            throw new IllegalArgumentException(shown + " is no default for " + conv);
        }
        return out[0];
    }

    Sysctl.Dev integer(String leaf, int def, Combine combine, String meaning) {
        return row(leaf, Conv.INT, def, INT_MIN, INT_MAX, combine, meaning);
    }

    Sysctl.Dev integer(String leaf, int def, String meaning) {
        return integer(leaf, def, Combine.DEV, meaning);
    }

    Sysctl.Dev range(String leaf, int def, long min, long max, String meaning) {
        return row(leaf, Conv.INT, def, min, max, Combine.DEV, meaning);
    }

    Sysctl.Dev seconds(String leaf, int def, String meaning) {
        return row(leaf, Conv.SECONDS, def, INT_MIN, INT_MAX, Combine.DEV, meaning);
    }

    Sysctl.Dev millis(String leaf, int def, String meaning) {
        return row(leaf, Conv.MILLIS, def, INT_MIN, INT_MAX, Combine.DEV, meaning);
    }

    /// A number with a handler of its own.
    Sysctl.Dev handled(
            String leaf, Conv conv, long def, long min, long max, ProcHandler own, String meaning) {
        ToLongFunction<Machine> initial = m -> stored(conv, def, m);
        SysctlSpec spec = spec(leaf, SysctlSpec.READ_WRITE, conv, initial, min, max, own, meaning);
        return add(spec, slots.take(Conv.Storage.INT, 1), Combine.DEV);
    }

    /// A number whose change makes cached routes invalid; `default` does not reach the devices.
    @Kernel("ipv4_doint_and_flush")
    Sysctl.Dev flushing(String leaf, String meaning) {
        SysctlSpec spec =
                spec(
                        leaf,
                        SysctlSpec.READ_WRITE,
                        Conv.INT,
                        m -> 0,
                        INT_MIN,
                        INT_MAX,
                        ConfHandlers.PLAIN,
                        meaning);
        return add(spec, slots.take(Conv.Storage.INT, 1), Combine.OR);
    }

    /// A number that nobody writes; the stack sets it.
    Sysctl.Dev readOnly(String leaf, Combine combine, String meaning) {
        SysctlSpec spec =
                spec(
                        leaf,
                        SysctlSpec.READ_ONLY,
                        Conv.INT,
                        m -> 0,
                        INT_MIN,
                        INT_MAX,
                        handler,
                        meaning);
        return add(spec, slots.take(Conv.Storage.INT, 1), combine);
    }

    /// Another file for the value of a row, in another unit.
    Sysctl.Dev view(Sysctl.Dev of, String leaf, Conv conv, String meaning) {
        SysctlSpec spec =
                spec(
                        leaf,
                        SysctlSpec.READ_WRITE,
                        conv,
                        m -> (Long) of.spec().initial().apply(m),
                        INT_MIN,
                        INT_MAX,
                        handler,
                        meaning);
        return add(spec, of.slot(), of.combine());
    }

    /// A text, which is not there until it is written.
    Sysctl.DevText text(String leaf, ProcHandler own, String meaning) {
        SysctlSpec spec = spec(leaf, SysctlSpec.PRIVATE, Conv.TEXT, m -> 0, 0, 0, own, meaning);
        Sysctl.DevText row = new Sysctl.DevText(spec, slots.take(Conv.Storage.OBJECT, 1));
        rows.put(leaf, row);
        return row;
    }
}
