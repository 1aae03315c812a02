package dev.linnet.bench;

import dev.linnet.uapi.Errno;
import java.util.Arrays;
import java.util.Locale;

/// What the programs here have in common: how a call's result is checked and how rounds are told.
final class Figures {
    private Figures() {}

    /// The result of a call that must not fail.
    static int check(long result) {
        if (result < 0) {
            throw new IllegalStateException(Errno.name((int) -result));
        }
        return (int) result;
    }

    /// The median, the least and the most. Sorts the rounds.
    static String summary(double[] values, int digits) {
        Arrays.sort(values);
        String one = "%." + digits + "f";
        return String.format(
                Locale.ROOT,
                one + " (" + one + "-" + one + ")",
                values[values.length / 2],
                values[0],
                values[values.length - 1]);
    }
}
