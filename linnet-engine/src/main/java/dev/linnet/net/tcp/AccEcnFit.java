package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.wire.Ecn;
import dev.linnet.wire.TcpOptions;

/// Room for the accurate ECN option (RFC 9768 section 3.2.3), which is not a multiple of four bytes
/// long: as many of its three counters as fit, in the order of their usefulness, with the odd bytes
/// in the place of another option's padding where there is one.
///
/// A result is an int: bytes that the option adds (bits 0-5; signed, because a SACK block may have
/// to go), its counters (bits 8-9), the SACK blocks that remain (bits 12-14).
@HotPath
final class AccEcnFit {
    /// Not even the least that is wanted fits.
    static final int NONE = -1;

    /// Bytes of padding that another option leaves for this one.
    static final int SAVED_BY_SACK = 2;

    static final int SAVED_BY_SACK_PERM = 2;
    static final int SAVED_BY_WSCALE = 1;

    private static final int ALL = 3;
    private static final int BYTES_BIAS = 16;

    private AccEcnFit() {}

    /// Fits the option.
    ///
    /// @param sackBlocks blocks that the SACK option has so far; down to two are given up for counters
    ///     that are wanted
    /// @param required counters that are wanted, 0 to 3
    /// @param room bytes that are left for options
    /// @param saving bytes of padding that the option may take
    @Kernel("tcp_options_fit_accecn")
    static int fit(int sackBlocks, int required, int room, int saving) {
        int blocks = sackBlocks;
        int left = room;
        int counters = ALL;
        while (counters >= required) {
            int bytes = aligned(counters, saving);
            if (left >= bytes) {
                int added = bytes - (sackBlocks - blocks) * TcpOptions.SACK_BLOCK_BYTES;
                return added + BYTES_BIAS | counters << 8 | blocks << 12;
            }
            if (counters == required && blocks > 2 && required > 0) {
                blocks--;
                left += TcpOptions.SACK_BLOCK_BYTES;
                counters = ALL;
            } else {
                counters--;
            }
        }
        return NONE;
    }

    private static int aligned(int counters, int saving) {
        int bytes = TcpOptions.ACCECN_BASE_BYTES + counters * TcpOptions.ACCECN_COUNTER_BYTES;
        return (bytes & 3) > saving ? bytes + 3 & ~3 : bytes & ~3;
    }

    static int bytes(int fit) {
        return (fit & 0x3F) - BYTES_BIAS;
    }

    static int counters(int fit) {
        return fit >>> 8 & 3;
    }

    static int sackBlocks(int fit) {
        return fit >>> 12 & 7;
    }

    /// Writes the option with `counters` of them, in the order ECT(1), CE, ECT(0); returns the offset
    /// behind it.
    ///
    /// @param received bytes received with ECT(1), ECT(0), CE
    static int write(byte[] b, int at, int counters, int[] received) {
        int p = TcpOptions.putAccEcnHead(b, at, TcpOptions.ACCECN1, counters);
        if (counters > 0) {
            int e1b = received[Ecn.ECT_1 - 1] + AccEcnState.OPT_INIT_OFFSET;
            p = TcpOptions.putAccEcnCounter(b, p, e1b);
        }
        if (counters > 1) {
            p = TcpOptions.putAccEcnCounter(b, p, received[Ecn.CE - 1]);
        }
        if (counters > 2) {
            int e0b = received[Ecn.ECT_0 - 1] + AccEcnState.OPT_INIT_OFFSET;
            p = TcpOptions.putAccEcnCounter(b, p, e0b);
        }
        return p;
    }
}
