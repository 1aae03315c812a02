package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.ipv6.MldDev.Change;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmpv6;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Queries for the groups that this host is in, and others' reports (RFC 3810 section 6.2, RFC 2710
/// section 5). The packet stays the caller's; a function gives why it was not heeded, or null.
final class MldQuery {
    /// Reports one group whose query is due.
    static final KTimer.Function ANSWER = owner -> answer((MldGroup) owner);

    /// Reports all groups.
    static final KTimer.Function ANSWER_GENERAL = owner -> answerGeneral((MldDev) owner);

    private static final int V1_BYTES = 24;
    private static final int V2_BYTES = 28;
    private static final int GROUP = 8;
    private static final int FLAGS_QRV = 24;
    private static final int SOURCES = 26;

    /// Interval between queries that is assumed of a querier of version 1, jiffies.
    private static final long V1_QUERY_INTERVAL = 125_000;

    private MldQuery() {}

    /// A query whose ICMP header is at `data`.
    @Kernel({"igmp6_event_query", "__mld_query_work"})
    static @Nullable DropReason rcv(SkBuff skb, NetDevice dev) {
        Inet6Dev idev = Inet6Dev.of(dev);
        if (idev == null || !skb.mayPull(skb.len)) {
            return DropReason.IPV6DISABLED;
        }
        byte[] b = skb.buf;
        if (!In6Addr.isLinkLocal(Ipv6.saddrHi(b, skb.networkHeader))) {
            return DropReason.IP_INVALID_SOURCE;
        }
        if (skb.len < V1_BYTES || (skb.len > V1_BYTES && skb.len < V2_BYTES)) {
            return DropReason.PKT_TOO_SMALL;
        }
        int off = skb.data;
        long hi = Bytes.u64(b, off + GROUP);
        long lo = Bytes.u64(b, off + GROUP + 8);
        boolean general = In6Addr.isUnspecified(hi, lo);
        if (!general && !In6Addr.isMulticast(hi)) {
            return DropReason.IP_INVALID_DEST;
        }
        if (skb.len == V1_BYTES) {
            version1(idev.mld, Icmpv6.identifier(b, off), general, hi, lo);
            return null;
        }
        int delay = responseDelay(Icmpv6.identifier(b, off));
        int qrv = Bytes.u8(b, off + FLAGS_QRV) & 7;
        idev.mld.robustness = Math.max(qrv, Math.min(idev.net.sysctl.get(Ipv6Sysctls.MLD_QRV), 2));
        if (!general) {
            query(idev.mld, hi, lo, delay);
        } else if (Bytes.u16(b, off + SOURCES) == 0) {
            idev.mld.soon(idev.mld.generalTimer, delay);
        }
        return null;
    }

    /// The time within which to answer: beyond 32767 ms a small floating-point number (RFC 3810
    /// section 5.1.3).
    @Kernel("mldv2_mrc")
    private static int responseDelay(int code) {
        if (code < 0x8000) {
            return Math.max(1, code);
        }
        int exponent = code >> 12 & 7;
        int mantissa = code & 0xFFF;
        return (mantissa | 0x1000) << exponent + 3;
    }

    @Kernel("mld_process_v1")
    private static void version1(MldDev mld, int maxDelay, boolean general, long hi, long lo) {
        int delay = Math.max(1, maxDelay);
        mld.v1Until = mld.idev.net.clock.jiffies() + mld.robustness * V1_QUERY_INTERVAL + delay;
        for (MldGroup group : mld.groups) {
            if (general || group.is(hi, lo)) {
                queried(group, delay);
            }
        }
    }

    private static void query(MldDev mld, long hi, long lo, int delay) {
        MldGroup group = mld.find(hi, lo);
        if (group != null) {
            queried(group, delay);
        }
    }

    /// The answer comes at a random time within the delay, unless one is due before anyway.
    @Kernel("igmp6_group_queried")
    private static void queried(MldGroup group, int delay) {
        synchronized (group.mld) {
            long latest = group.mld.idev.net.clock.jiffies() + delay;
            boolean dueBefore = group.timer.pending() && group.timer.expires() < latest;
            if (!group.isSilent() && !group.isUnused() && !dueBefore) {
                long wait = group.mld.idev.net.random.below(delay);
                group.timer.mod(group.mld.idev.net.clock.jiffies() + wait);
            }
        }
    }

    @Kernel("mld_mca_work")
    private static void answer(MldGroup group) {
        MldDev mld = group.mld;
        if (!mld.idev.ready || mld.idev.dead || group.isUnused()) {
            return;
        }
        if (mld.v1()) {
            group.lastReporter = true;
            MldReport.sendV1(mld.idev, group.hi, group.lo);
        } else {
            MldReport.sendChanges(mld.idev, List.of(current(group)));
        }
    }

    @Kernel({"mld_gq_work", "mld_send_report"})
    private static void answerGeneral(MldDev mld) {
        if (!mld.idev.ready || mld.idev.dead) {
            return;
        }
        List<Change> records = new ArrayList<>();
        for (MldGroup group : mld.groups) {
            if (!group.isSilent()) {
                records.add(current(group));
            }
        }
        MldReport.sendChanges(mld.idev, records);
    }

    private static Change current(MldGroup group) {
        McFilter filter = group.filter;
        int type = filter.exclude() ? MldReport.IS_EXCLUDE : MldReport.IS_INCLUDE;
        return new Change(type, group, filter.sources(), 1);
    }

    /// Somebody else has reported a group in version 1: once is enough.
    @Kernel({"igmp6_event_report", "__mld_report_work"})
    static @Nullable DropReason report(SkBuff skb, NetDevice dev) {
        Inet6Dev idev = Inet6Dev.of(dev);
        boolean toMany =
                skb.pktType == SkBuff.PACKET_MULTICAST || skb.pktType == SkBuff.PACKET_BROADCAST;
        if (idev == null || !toMany || !skb.mayPull(V1_BYTES)) {
            return null;
        }
        byte[] b = skb.buf;
        long saddrHi = Ipv6.saddrHi(b, skb.networkHeader);
        boolean noSource = In6Addr.isUnspecified(saddrHi, Ipv6.saddrLo(b, skb.networkHeader));
        if (!noSource && !In6Addr.isLinkLocal(saddrHi)) {
            return DropReason.IP_INVALID_SOURCE;
        }
        long hi = Bytes.u64(b, skb.data + GROUP);
        MldGroup group = idev.mld.find(hi, Bytes.u64(b, skb.data + GROUP + 8));
        if (group != null) {
            synchronized (idev.mld) {
                group.timer.del();
                group.lastReporter = false;
            }
        }
        return null;
    }
}
