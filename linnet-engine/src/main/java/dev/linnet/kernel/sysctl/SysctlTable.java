package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;
import dev.linnet.kernel.sysctl.SysctlStore.Slots;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// The rows of one class of knobs, in the order of their declaration, and the methods that declare them.
/// A declaration reads: type, name, default, range, meaning.
///
/// `u8` and `flag` are the kernel's knobs of one byte, `integer` and `intFlag` those of an `int`, `uint`
/// and `ulong` those without a sign, and `seconds`, `millis` and `ticks` times that are held in jiffies.
final class SysctlTable {
    /// Storage of each namespace.
    static final Slots NAMESPACE = new Slots();

    /// Storage that all namespaces of a stack share.
    static final Slots SHARED = new Slots();

    private static final long INT_MIN = Integer.MIN_VALUE;
    private static final long INT_MAX = Integer.MAX_VALUE;
    private static final long UINT_MAX = 0xffff_ffffL;
    private static final long ULONG_MAX = -1L;

    private final String prefix;
    private final Scope scope;
    private final List<Sysctl> rows;

    private SysctlTable(String prefix, Scope scope, List<Sysctl> rows) {
        this.prefix = prefix;
        this.scope = scope;
        this.rows = rows;
    }

    /// A table whose names begin with `prefix` and whose values each namespace has for itself.
    static SysctlTable of(String prefix) {
        return new SysctlTable(prefix, Scope.NAMESPACE, new ArrayList<>());
    }

    /// The same table, for rows below another directory.
    SysctlTable dir(String below) {
        return new SysctlTable(prefix + below, scope, rows);
    }

    /// The same table, for rows of another scope.
    SysctlTable in(Scope other) {
        return new SysctlTable(prefix, other, rows);
    }

    List<Sysctl> rows() {
        return Collections.unmodifiableList(rows);
    }

    private int slot(Conv conv, int n) {
        return (scope.shared() ? SHARED : NAMESPACE).take(conv.storage(), n);
    }

    private <T extends Sysctl> T add(T row) {
        rows.add(row);
        return row;
    }

    private SysctlSpec spec(
            String leaf,
            Conv conv,
            int count,
            Function<Machine, ?> initial,
            ToLongFunction<SysctlValues> min,
            ToLongFunction<SysctlValues> max,
            ProcHandler handler,
            String meaning) {
        int mode = SysctlSpec.READ_WRITE;
        return new SysctlSpec(
                prefix + leaf, meaning, scope, mode, conv, count, min, max, initial, handler);
    }

    private SysctlSpec number(
            String leaf,
            Conv conv,
            Function<Machine, ?> initial,
            long min,
            long max,
            String meaning) {
        return spec(leaf, conv, 1, initial, v -> min, v -> max, ProcHandler.NUMBERS, meaning);
    }

    private static SysctlSpec mode(SysctlSpec s, int mode) {
        return new SysctlSpec(
                s.name(),
                s.meaning(),
                s.scope(),
                mode,
                s.conv(),
                s.count(),
                s.min(),
                s.max(),
                s.initial(),
                s.handler());
    }

    private Sysctl.Int addInt(SysctlSpec spec) {
        return add(new Sysctl.Int(spec, slot(spec.conv(), spec.count()), scope.shared()));
    }

    private Sysctl.Bool addBool(SysctlSpec spec) {
        return add(new Sysctl.Bool(spec, slot(spec.conv(), spec.count()), scope.shared()));
    }

    // Numbers of one byte.

    Sysctl.Bool flag(String leaf, boolean def, String meaning) {
        return addBool(number(leaf, Conv.UINT, m -> def ? 1L : 0L, 0, 255, meaning));
    }

    Sysctl.Bool onOff(String leaf, boolean def, String meaning) {
        return addBool(number(leaf, Conv.UINT, m -> def ? 1L : 0L, 0, 1, meaning));
    }

    Sysctl.Int u8(String leaf, int def, String meaning) {
        return u8(leaf, def, 0, 255, meaning);
    }

    Sysctl.Int u8(String leaf, int def, int min, int max, String meaning) {
        return addInt(number(leaf, Conv.UINT, m -> (long) def, min, max, meaning));
    }

    // Numbers with a sign.

    Sysctl.Int integer(String leaf, int def, String meaning) {
        return integer(leaf, def, INT_MIN, INT_MAX, meaning);
    }

    Sysctl.Int integer(String leaf, int def, long min, long max, String meaning) {
        return addInt(number(leaf, Conv.INT, m -> (long) def, min, max, meaning));
    }

    Sysctl.Int integer(String leaf, ToLongFunction<Machine> def, long min, String meaning) {
        return addInt(number(leaf, Conv.INT, def::applyAsLong, min, INT_MAX, meaning));
    }

    /// A number whose bounds other knobs or the machine give.
    Sysctl.Int integer(
            String leaf,
            ToLongFunction<Machine> def,
            ToLongFunction<SysctlValues> min,
            ToLongFunction<SysctlValues> max,
            String meaning) {
        return addInt(
                spec(leaf, Conv.INT, 1, def::applyAsLong, min, max, ProcHandler.NUMBERS, meaning));
    }

    Sysctl.Bool intFlag(String leaf, boolean def, String meaning) {
        return addBool(number(leaf, Conv.INT, m -> def ? 1L : 0L, INT_MIN, INT_MAX, meaning));
    }

    // Numbers without a sign.

    Sysctl.UInt uint(String leaf, long def, String meaning) {
        return uint(leaf, def, 0, UINT_MAX, meaning);
    }

    Sysctl.UInt uint(String leaf, long def, long min, long max, String meaning) {
        return uint(leaf, Conv.UINT, def, min, max, meaning);
    }

    /// A number with an upper bound that the machine gives.
    Sysctl.UInt uint(String leaf, long def, ToLongFunction<SysctlValues> max, String meaning) {
        SysctlSpec spec =
                spec(leaf, Conv.UINT, 1, m -> def, v -> 0, max, ProcHandler.NUMBERS, meaning);
        return add(new Sysctl.UInt(spec, slot(Conv.UINT, 1), scope.shared()));
    }

    Sysctl.UInt uint(String leaf, Conv conv, long def, long min, long max, String meaning) {
        SysctlSpec spec = number(leaf, conv, m -> def, min, max, meaning);
        return add(new Sysctl.UInt(spec, slot(conv, 1), scope.shared()));
    }

    Sysctl.ULong ulong(String leaf, long def, String meaning) {
        return ulong(leaf, m -> def, v -> 0, v -> ULONG_MAX, meaning);
    }

    Sysctl.ULong ulong(
            String leaf,
            ToLongFunction<Machine> def,
            ToLongFunction<SysctlValues> min,
            ToLongFunction<SysctlValues> max,
            String meaning) {
        SysctlSpec spec =
                spec(leaf, Conv.ULONG, 1, def::applyAsLong, min, max, ProcHandler.NUMBERS, meaning);
        return add(new Sysctl.ULong(spec, slot(Conv.ULONG, 1), scope.shared()));
    }

    // Times; the defaults are given in the unit that is shown.

    Sysctl.Int seconds(String leaf, int def, String meaning) {
        return addInt(
                number(leaf, Conv.SECONDS, m -> (long) def * m.hz(), INT_MIN, INT_MAX, meaning));
    }

    Sysctl.Int millis(String leaf, int def, String meaning) {
        return addInt(
                number(
                        leaf,
                        Conv.MILLIS,
                        m -> (long) def * m.hz() / 1000,
                        INT_MIN,
                        INT_MAX,
                        meaning));
    }

    /// A time that is shown in another unit than its default is given in.
    Sysctl.Int millisAs(String leaf, Conv conv, int defMillis, String meaning) {
        return addInt(
                number(
                        leaf,
                        conv,
                        m -> (long) defMillis * m.hz() / 1000,
                        INT_MIN,
                        INT_MAX,
                        meaning));
    }

    // Several numbers.

    Sysctl.Ints ints(
            String leaf, int count, long min, Function<Machine, long[]> def, String meaning) {
        return ints(leaf, count, Conv.INT, min, INT_MAX, def, ProcHandler.NUMBERS, meaning);
    }

    Sysctl.Ints ints(
            String leaf,
            int count,
            Conv conv,
            long min,
            long max,
            Function<Machine, long[]> def,
            ProcHandler handler,
            String meaning) {
        SysctlSpec spec = spec(leaf, conv, count, def, v -> min, v -> max, handler, meaning);
        return add(new Sysctl.Ints(spec, slot(conv, count), scope.shared()));
    }

    Sysctl.ULongs ulongs(String leaf, Function<Machine, long[]> def, String meaning) {
        int count = 3;
        SysctlSpec spec =
                spec(
                        leaf,
                        Conv.ULONG,
                        count,
                        def,
                        v -> 0,
                        v -> ULONG_MAX,
                        ProcHandler.NUMBERS,
                        meaning);
        return add(new Sysctl.ULongs(spec, slot(Conv.ULONG, count), scope.shared()));
    }

    // What is not only a number.

    Sysctl.Int integer(
            String leaf, int def, long min, long max, ProcHandler handler, String meaning) {
        return addInt(
                spec(leaf, Conv.INT, 1, m -> (long) def, v -> min, v -> max, handler, meaning));
    }

    Sysctl.Text text(String leaf, int mode, String def, ProcHandler handler, String meaning) {
        SysctlSpec spec = spec(leaf, Conv.TEXT, 1, m -> def, v -> 0, v -> 0, handler, meaning);
        return add(new Sysctl.Text(mode(spec, mode), slot(Conv.TEXT, 1), scope.shared()));
    }

    Sysctl.Bits bits(String leaf, long[] def, ProcHandler handler, String meaning) {
        SysctlSpec spec = spec(leaf, Conv.TEXT, 1, m -> def, v -> 0, v -> 0, handler, meaning);
        return add(new Sysctl.Bits(spec, slot(Conv.TEXT, 1), scope.shared()));
    }

    Sysctl.Virtual virtual(String leaf, int mode, ProcHandler handler, String meaning) {
        SysctlSpec spec =
                spec(leaf, Conv.INT, 1, m -> 0L, v -> INT_MIN, v -> INT_MAX, handler, meaning);
        return add(new Sysctl.Virtual(mode(spec, mode)));
    }

    /// A number that nobody writes; the stack sets it.
    Sysctl.Int readOnly(String leaf, ToLongFunction<Machine> def, String meaning) {
        SysctlSpec spec = number(leaf, Conv.INT, def::applyAsLong, INT_MIN, INT_MAX, meaning);
        return addInt(mode(spec, SysctlSpec.READ_ONLY));
    }

    /// Another file for the value of a row, in another unit.
    Sysctl.Int view(Sysctl.Int of, String leaf, Conv conv, String meaning) {
        SysctlSpec spec = number(leaf, conv, of.spec().initial(), INT_MIN, INT_MAX, meaning);
        return add(new Sysctl.Int(spec, of.slot(), of.shared()));
    }
}
