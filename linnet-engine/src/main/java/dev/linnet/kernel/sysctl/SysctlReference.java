package dev.linnet.kernel.sysctl;

import org.jspecify.annotations.Nullable;

/// What people read about the knobs: types, ranges and defaults as the files show them.
final class SysctlReference {
    private SysctlReference() {}

    /// The least and the greatest number that a knob takes, as they are shown, or null if it is no
    /// number or takes all that its type can hold.
    static long @Nullable [] shownRange(SysctlValues values, String name) {
        Sysctl row = values.row(name);
        if (row == null || row.spec().conv().storage() == Conv.Storage.OBJECT) {
            return null;
        }
        SysctlSpec spec = row.spec();
        int hz = values.machine().hz();
        long min = spec.min().applyAsLong(values);
        long max = spec.max().applyAsLong(values);
        return new long[] {
            Long.parseLong(spec.conv().show(min, hz)),
            Long.parseUnsignedLong(spec.conv().show(max, hz))
        };
    }
}
