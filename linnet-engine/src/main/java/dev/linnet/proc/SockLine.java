package dev.linnet.proc;

import dev.linnet.net.core.sock.SockCommon;
import java.util.Locale;

/// What the lines of the socket tables have in common: addresses, the sock's address in memory, width.
final class SockLine {
    /// Ticks of the time that programs see, ten milliseconds (`USER_HZ`).
    private static final int JIFFIES_PER_CLOCK = 10;

    private SockLine() {}

    /// An address and port in hexadecimal, the address as the words of memory that it is.
    static String address(boolean v6, long hi, long lo, int port) {
        return v6
                ? String.format(
                        Locale.ROOT,
                        "%08X%08X%08X%08X:%04X",
                        Integer.reverseBytes((int) (hi >>> 32)),
                        Integer.reverseBytes((int) hi),
                        Integer.reverseBytes((int) (lo >>> 32)),
                        Integer.reverseBytes((int) lo),
                        port)
                : String.format(Locale.ROOT, "%08X:%04X", Integer.reverseBytes((int) lo), port);
    }

    static String local(SockCommon sk, boolean v6) {
        return address(v6, sk.rcvSaddrHi, sk.rcvSaddrLo, sk.num);
    }

    static String peer(SockCommon sk, boolean v6) {
        return address(v6, sk.daddrHi, sk.daddrLo, sk.dport);
    }

    /// Stands for the address of a sock in memory, which Linux hides behind a hash too: the same for a
    /// sock at each look.
    static String pointer(SockCommon sk) {
        long hash = sk.cookie * 0x9E3779B97F4A7C15L;
        return String.format(Locale.ROOT, "%016x", hash >>> 32);
    }

    static long toClock(long jiffies) {
        return Math.max(jiffies, 0) / JIFFIES_PER_CLOCK;
    }

    /// A line of at least `width` columns (`seq_pad`).
    static void padded(StringBuilder out, String line, int width) {
        out.append(line).repeat(' ', Math.max(width - line.length(), 0)).append('\n');
    }
}
