package dev.linnet.oracle.text;

import dev.linnet.packetdrill.syscall.Symbols;
import dev.linnet.uapi.Errno;
import java.util.Map;
import java.util.OptionalLong;

/// The names that rows may write for numbers.
public final class Constants {
    /// An address at which there is never any memory.
    public static final long BAD = 0x1000;

    private static final Map<String, Long> OWN = Resources.numbers("constants.txt");

    private Constants() {}

    /// The number of a name.
    public static long value(String name) {
        if (name.equals("BAD")) {
            return BAD;
        }
        Long own = OWN.get(name);
        if (own != null) {
            return own;
        }
        OptionalLong value = Symbols.value(name);
        if (value.isEmpty()) {
            throw new FactException(
                    "no constant " + name + " (constants.txt of linnet-oracle may name more)");
        }
        return value.getAsLong();
    }

    /// A result as people write it: `3`, `-EAGAIN`.
    public static String result(long value) {
        return value < 0 && value > -4096 ? "-" + Errno.name((int) -value) : Long.toString(value);
    }
}
