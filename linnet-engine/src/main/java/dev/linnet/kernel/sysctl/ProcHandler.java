package dev.linnet.kernel.sysctl;

import static dev.linnet.uapi.Errno.EINVAL;
import static dev.linnet.uapi.Errno.EIO;

import dev.linnet.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// Reads and writes the text of a knob (`proc_handler` of `struct ctl_table`). Runs under the lock of
/// the stack's knobs.
@Kernel("proc_handler")
abstract class ProcHandler {
    /// Numbers that a blank divides.
    static final ProcHandler NUMBERS = new Numbers();

    /// A text that can only be read.
    static final ProcHandler READ_ONLY_TEXT = new ReadOnlyText();

    /// Where a value is: the row, its storage, and whose it is.
    ///
    /// @param ns the namespace that is asked
    /// @param row the knob
    /// @param store where its value is
    /// @param dev the device directory that the knob is in, or null
    record Place(SysctlValues ns, Sysctl row, SysctlStore store, @Nullable DevConf dev) {
        long[] numbers() {
            long[] numbers = new long[row.spec().count()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = store.number(row, i);
            }
            return numbers;
        }

        void setNumbers(long[] numbers) {
            for (int i = 0; i < numbers.length; i++) {
                store.setNumber(row, i, numbers[i]);
            }
        }

        @Nullable Object object() {
            return store.object(row.slot());
        }

        void setObject(Object value) {
            store.setObject(row.slot(), value);
        }
    }

    /// Appends the text of the file, with its final newline. 0 or a negative errno.
    int read(Place place, StringBuilder out) {
        return -EIO;
    }

    /// Takes a text that was written in one call. 0 or a negative errno. Changes of the knobs of devices
    /// are noted in `changes`.
    abstract int write(Place place, String text, Changes changes);

    /// Appends the numbers of a row.
    static int format(Place place, StringBuilder out) {
        SysctlSpec spec = place.row.spec();
        String separator = "";
        for (long stored : place.numbers()) {
            out.append(separator).append(spec.conv().show(stored, place.ns.machine().hz()));
            separator = "\t";
        }
        out.append('\n');
        return 0;
    }

    /// Reads numbers into `values`, at most as many as there is room for. What follows them is ignored
    /// if a blank divides it. Values behind the last good number are left as they are.
    @Kernel("do_proc_dointvec")
    static int parse(Place place, String text, long[] values) {
        if (text.isEmpty()) {
            return 0;
        }
        ProcNumbers in = new ProcNumbers(text);
        long[] stored = new long[1];
        int n = 0;
        in.skipSpaces();
        while (n < values.length && !in.atEnd()) {
            if (!in.next(" \t\n") || !accepts(place, in, stored)) {
                return -EINVAL;
            }
            values[n++] = stored[0];
            in.skipSpaces();
        }
        return n == 0 ? -EINVAL : 0;
    }

    private static boolean accepts(Place place, ProcNumbers in, long[] stored) {
        SysctlSpec spec = place.row.spec();
        Conv conv = spec.conv();
        return conv.parse(in.negative(), in.magnitude(), place.ns.machine().hz(), stored)
                && conv.compare(stored[0], spec.min().applyAsLong(place.ns)) >= 0
                && conv.compare(stored[0], spec.max().applyAsLong(place.ns)) <= 0;
    }

    /// What is left of a text that the kernel copies into a buffer of `size` bytes.
    @Kernel("proc_dostring")
    static String string(String text, int size) {
        int end = 0;
        while (end < text.length() && end < size - 1) {
            char c = text.charAt(end);
            if (c == '\0' || c == '\n') {
                break;
            }
            end++;
        }
        return text.substring(0, end);
    }

    private static final class Numbers extends ProcHandler {
        @Override
        int read(Place place, StringBuilder out) {
            return format(place, out);
        }

        /// The numbers before a bad one are stored all the same.
        @Override
        int write(Place place, String text, Changes changes) {
            long[] values = place.numbers();
            int err = parse(place, text, values);
            place.setNumbers(values);
            return err;
        }
    }

    private static final class ReadOnlyText extends ProcHandler {
        @Override
        int read(Place place, StringBuilder out) {
            out.append(place.object()).append('\n');
            return 0;
        }

        @Override
        int write(Place place, String text, Changes changes) {
            return -EINVAL;
        }
    }
}
