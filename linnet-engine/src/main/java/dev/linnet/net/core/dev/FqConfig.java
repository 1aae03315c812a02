package dev.linnet.net.core.dev;

/// What a fair queue is told (`tc qdisc add … fq`).
///
/// @param limit packets that may wait in all
/// @param flowLimit packets of one flow that may wait
/// @param quantum bytes of a flow's turn
/// @param initialQuantum bytes of its first turn
/// @param maxRate largest rate of a flow, bytes per second; unsigned maximum for none
/// @param pacing rates and departure times count
/// @param lowRateThreshold below this rate a flow sends packet by packet, bytes per second
/// @param refillJiffies a flow that was idle for longer begins with a whole turn
/// @param horizonNs departure times further ahead are wrong
/// @param horizonDrop what is wrong is dropped, else brought forward
/// @param orphanMask flows for packets without a connected sock, less one; a power of two less one
public record FqConfig(
        int limit,
        int flowLimit,
        int quantum,
        int initialQuantum,
        long maxRate,
        boolean pacing,
        long lowRateThreshold,
        long refillJiffies,
        long horizonNs,
        boolean horizonDrop,
        int orphanMask) {
    /// Linux's defaults for a device.
    public static FqConfig defaults(NetDevice dev) {
        int frame = dev.mtu + dev.hardHeaderLen;
        return new FqConfig(
                10_000,
                100,
                2 * frame,
                10 * frame,
                -1L,
                true,
                68_750,
                40,
                10_000_000_000L,
                true,
                1023);
    }
}
