package dev.linnet.kernel.mib;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The counters of one network namespace.
///
/// There are several stripes, each with all counters, so that threads on different processors do not
/// fight over a cache line. A caller that knows its stripe (the number of its soft-interrupt context)
/// passes it; any int will do, the low bits are taken. An increment is one atomic addition: nothing is
/// ever lost, and a sum taken while nobody counts is exact.
///
/// No locks, no allocation after construction, any thread.
@Kernel("netns_mib")
public final class MibCounters {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /// A cache line of longs, so that stripes share none.
    private static final int LINE = 8;

    private static final int STRIDE = MibLayout.SIZE + LINE;

    /// What RFC 4022 calls "other": neither of the algorithms that it names.
    private static final int RTO_ALGORITHM = 1;

    private static final int RTO_MIN_MS = 200;
    private static final int RTO_MAX_MS = 120_000;

    private final long[] values;
    private final int mask;
    private final IcmpMsgCounters icmpMsg = new IcmpMsgCounters();
    private final IcmpMsgCounters icmp6Msg = new IcmpMsgCounters();

    /// Counters with one stripe per processor of this machine, at most eight.
    public MibCounters() {
        this(Math.min(8, Runtime.getRuntime().availableProcessors()));
    }

    /// Counters with at least `stripes` stripes; a power of two is taken.
    public MibCounters(int stripes) {
        int n = Integer.highestOneBit(Math.max(1, stripes) * 2 - 1);
        this.mask = n - 1;
        this.values = new long[n * STRIDE + LINE];
        add(0, TcpMib.RTOALGORITHM, RTO_ALGORITHM);
        add(0, TcpMib.RTOMIN, RTO_MIN_MS);
        add(0, TcpMib.RTOMAX, RTO_MAX_MS);
        add(0, TcpMib.MAXCONN, -1);
    }

    /// Adds one, in the stripe that the caller names.
    @HotPath
    @Kernel({"NET_INC_STATS", "TCP_INC_STATS", "IP_INC_STATS", "UDP_INC_STATS", "ICMP_INC_STATS"})
    public void inc(int stripe, Mib counter) {
        add(stripe, counter, 1);
    }

    /// Adds one, in a stripe chosen by the thread.
    @HotPath
    public void inc(Mib counter) {
        add((int) Thread.currentThread().threadId(), counter, 1);
    }

    /// Subtracts one from a gauge such as [TcpMib#CURRESTAB].
    @HotPath
    @Kernel("TCP_DEC_STATS")
    public void dec(Mib gauge) {
        add((int) Thread.currentThread().threadId(), gauge, -1);
    }

    /// Adds `n`, which may be negative, in the stripe that the caller names.
    @HotPath
    @Kernel({"NET_ADD_STATS", "TCP_ADD_STATS", "IP_ADD_STATS"})
    public void add(int stripe, Mib counter, long n) {
        int at = LINE + (stripe & mask) * STRIDE + counter.index();
        long unused = (long) LONGS.getAndAdd(values, at, n);
    }

    /// Adds `n` in a stripe chosen by the thread.
    @HotPath
    public void add(Mib counter, long n) {
        add((int) Thread.currentThread().threadId(), counter, n);
    }

    /// The sum over all stripes. Exact when nobody counts at the moment, else some value that was
    /// passed or soon will be.
    @Kernel("snmp_fold_field")
    public long get(Mib counter) {
        long sum = 0;
        for (int s = 0; s <= mask; s++) {
            sum += (long) LONGS.getOpaque(values, LINE + s * STRIDE + counter.index());
        }
        return sum;
    }

    /// ICMP messages by type.
    public IcmpMsgCounters icmpMsg() {
        return icmpMsg;
    }

    /// ICMPv6 messages by type.
    public IcmpMsgCounters icmp6Msg() {
        return icmp6Msg;
    }

    /// All counters as they are now, by the names that `nstat` uses.
    public MibSnapshot snapshot() {
        return MibSnapshot.of(this);
    }
}
