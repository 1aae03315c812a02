package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.Clock;

/// The machine that defaults are computed for: Linux sizes its hash tables and memory limits by the
/// memory that it finds. A stack takes one of fixed size, so that its defaults do not change from
/// machine to machine.
///
/// @param pages pages of 4096 bytes
/// @param bufferPages those that packets may use at start; a kernel has somewhat less than all
/// @param hz timer ticks per second
public record Machine(long pages, long bufferPages, int hz) {
    private static final int PAGE_SHIFT = 12;
    private static final int MIN_LIMIT = 128;

    /// A machine with this much memory and Linnet's clock.
    public static Machine ofMemory(long bytes) {
        return new Machine(bytes >> PAGE_SHIFT, bytes >> PAGE_SHIFT, Clock.HZ);
    }

    /// Bytes of memory in all.
    public long memoryBytes() {
        return pages << PAGE_SHIFT;
    }

    /// Buckets of a hash table: one per `2^scale` bytes of memory (of a large machine per more),
    /// rounded up to a power of two and held between the bounds.
    @Kernel("alloc_large_system_hash")
    long hashEntries(int scale, long min, long max) {
        long unit = 1L << (20 - PAGE_SHIFT);
        long entries = (pages + unit - 1) / unit * unit;
        int scaled = scale;
        for (long adapt = 64L << (30 - PAGE_SHIFT); adapt < entries; adapt <<= 2) {
            scaled++;
        }
        entries = Math.max(1, entries >> (scaled - PAGE_SHIFT));
        return Math.clamp(roundUpPowerOfTwo(entries), min, max);
    }

    static long roundUpPowerOfTwo(long n) {
        return n <= 1 ? 1 : Long.highestOneBit(n - 1) << 1;
    }

    /// Buckets of the table of TCP connections: one per 128 KiB.
    int tcpHashEntries() {
        return (int) hashEntries(17, 1, 512 * 1024);
    }

    /// Buckets of the table of UDP sockets: one per 2 MiB.
    int udpHashEntries() {
        return (int) hashEntries(21, 256, 64 * 1024);
    }

    /// Three limits in pages: no pressure below, pressure above, nothing more above.
    @Kernel({"tcp_init_mem", "udp_init"})
    long[] memoryLimits(int share) {
        long pressure = Math.max(bufferPages / share, MIN_LIMIT);
        long low = pressure / 4 * 3;
        return new long[] {low, pressure, low * 2};
    }

    /// Receive buffer of TCP: smallest, at the start, largest that autotuning reaches.
    @Kernel("tcp_init")
    long[] tcpRmem() {
        return new long[] {4096, 131072, Math.max(131072, Math.min(32 << 20, bufferLimit()))};
    }

    /// Send buffer of TCP: smallest, at the start, largest that autotuning reaches.
    @Kernel("tcp_init")
    long[] tcpWmem() {
        return new long[] {4096, 16384, Math.max(65536, Math.min(4 << 20, bufferLimit()))};
    }

    /// The 128th part of the memory for packets.
    private long bufferLimit() {
        return bufferPages << (PAGE_SHIFT - 7);
    }

    /// As many remembered peers as fit a hundredth of the memory.
    @Kernel("inet_initpeers")
    long peerThreshold() {
        long peerBytes = 192;
        return Math.clamp((bufferPages << PAGE_SHIFT) / (100 * peerBytes), 4096, 65536 + 128);
    }
}
