package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SockExtendedErr;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Ethernet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Times of sent packets for `SO_TIMESTAMPING`: each goes to the sender's error queue with the packet.
public final class SkbTstampTx {
    /// `SKBTX_SW_TSTAMP`, `SKBTX_SCHED_TSTAMP` of [SkBuff#txFlags].
    public static final int SKBTX_SW_TSTAMP = 1 << 1;

    public static final int SKBTX_SCHED_TSTAMP = 1 << 6;

    /// What happened: given to the driver, put into the device's queue, acknowledged
    /// (`SCM_TSTAMP_*`).
    public static final int SCM_TSTAMP_SND = 0;

    public static final int SCM_TSTAMP_SCHED = 1;
    public static final int SCM_TSTAMP_ACK = 2;

    private SkbTstampTx() {}

    /// The `SKBTX_*` bits for what a user asked for.
    @Kernel("__sock_tx_timestamp")
    public static int txFlags(int tsflags) {
        int flags = (tsflags & SockTimestamping.TX_SOFTWARE) != 0 ? SKBTX_SW_TSTAMP : 0;
        return (tsflags & SockTimestamping.TX_SCHED) != 0 ? flags | SKBTX_SCHED_TSTAMP : flags;
    }

    /// A packet enters the queue of its device.
    public static void sched(SkBuff skb) {
        if ((skb.txFlags & SKBTX_SCHED_TSTAMP) != 0 && skb.sk != null) {
            report(skb, skb.sk, SCM_TSTAMP_SCHED);
        }
    }

    /// A packet is given to the driver.
    @Kernel("skb_tx_timestamp")
    public static void sent(SkBuff skb) {
        if ((skb.txFlags & SKBTX_SW_TSTAMP) != 0 && skb.sk != null) {
            report(skb, skb.sk, SCM_TSTAMP_SND);
        }
    }

    /// Queues the time of an event for the sender. The packet stays the caller's.
    @Kernel({"__skb_tstamp_tx", "__skb_complete_tx_timestamp"})
    public static void report(SkBuff orig, Sock sk, int type) {
        if (sk.dead) {
            return;
        }
        int stripe = SoftIrq.current().stripe;
        boolean tsonly = (sk.tsflags & SockTimestamping.OPT_TSONLY) != 0;
        boolean wantsStats = tsonly && (sk.tsflags & SockTimestamping.OPT_STATS) != 0;
        byte[] stats = wantsStats ? sk.prot.timestampStats(sk, orig) : null;
        SkBuff skb = tsonly ? withBytes(sk, stats, stripe) : orig.clone(stripe);
        NetDevice dev = orig.dev;
        skb.skbIif = dev == null ? 0 : dev.ifindex; // here the one that it leaves by
        if (!tsonly && type != SCM_TSTAMP_ACK && dev != null && dev.isLoopback()) {
            pushLinkHeader(skb, orig.protocol, stripe);
        }
        int key = 0;
        if ((sk.tsflags & SockTimestamping.OPT_ID) != 0) {
            boolean tcp = sk.type == SocketType.SOCK_STREAM && sk.protocol == IpProto.IPPROTO_TCP;
            key = tcp ? orig.tskey - sk.tskey : orig.tskey;
        }
        skb.tstampNs = sk.net.clock.realNs();
        SockExterr exterr =
                SockExterr.of(
                        new SockExtendedErr(
                                Errno.ENOMSG,
                                SockExtendedErr.SO_EE_ORIGIN_TIMESTAMPING,
                                0,
                                0,
                                type,
                                key));
        skb.exterr = stats != null ? exterr.withStats() : exterr;
        SkBuffErrors.queue(sk, skb);
    }

    private static SkBuff withBytes(Sock sk, byte @Nullable [] bytes, int stripe) {
        if (bytes == null) {
            return SkBuff.allocFragmented(sk.net.pool, stripe);
        }
        SkBuff skb = SkBuff.alloc(sk.net.pool, stripe, bytes.length);
        System.arraycopy(bytes, 0, skb.buf, skb.put(bytes.length), bytes.length);
        return skb;
    }

    /// Packets over the loopback interface have an Ethernet header, which nobody needs before one of
    /// them is shown.
    private static void pushLinkHeader(SkBuff skb, int protocol, int stripe) {
        skb.cowHead(stripe, Ethernet.HEADER_BYTES);
        int at = skb.push(Ethernet.HEADER_BYTES);
        Arrays.fill(skb.buf, at, at + Ethernet.HEADER_BYTES, (byte) 0);
        Bytes.u16(skb.buf, at + Ethernet.HEADER_BYTES - 2, protocol);
    }
}
