package dev.linnet.wire.pcapng;

import java.math.BigInteger;

/// How the timestamps of an interface count.
///
/// @param tsresol `if_tsresol`: a unit of 10 to the power of minus this, or with the top bit set of
///     2 to the power of minus the other bits
/// @param offsetSec `if_tsoffset`: seconds to be added
record Timebase(int tsresol, long offsetSec) {

    private static final BigInteger NS_PER_SEC = BigInteger.valueOf(1_000_000_000);

    /// Nanoseconds since 1970 of a timestamp (unsigned), rounded down; the low 64 bits of them.
    long toNs(long ticks) {
        if (tsresol == Pcapng.TSRESOL_NS && offsetSec == 0) {
            return ticks;
        }
        BigInteger base = (tsresol & 0x80) == 0 ? BigInteger.TEN : BigInteger.TWO;
        return new BigInteger(Long.toUnsignedString(ticks))
                .multiply(NS_PER_SEC)
                .divide(base.pow(tsresol & 0x7f))
                .add(BigInteger.valueOf(offsetSec).multiply(NS_PER_SEC))
                .longValue();
    }
}
