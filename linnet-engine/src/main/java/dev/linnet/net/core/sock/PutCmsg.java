package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;

/// Hands control messages to the user (`put_cmsg`). What does not fit is cut, and `MSG_CTRUNC` is set.
public final class PutCmsg {
    private PutCmsg() {}

    /// Adds a control message with `length` bytes of `data`.
    @Kernel("put_cmsg")
    public static void put(MsgHdr msg, int level, int type, byte[] data, int length) {
        byte[] control = msg.control;
        int at = msg.controlLen;
        if (control == null || control.length - at < CmsgHdr.SIZE) {
            msg.flags |= Msg.MSG_CTRUNC;
            return;
        }
        int room = control.length - at - CmsgHdr.SIZE;
        int n = length;
        if (n > room) {
            msg.flags |= Msg.MSG_CTRUNC;
            n = room;
        }
        CmsgHdr.put(control, at, level, type, n);
        System.arraycopy(data, 0, control, at + CmsgHdr.SIZE, n);
        msg.controlLen = Math.min(control.length, at + CmsgHdr.space(n));
    }

    /// Adds a control message with one number.
    public static void putInt(MsgHdr msg, int level, int type, int value) {
        byte[] data = new byte[4];
        Abi.putInt(data, 0, value);
        put(msg, level, type, data, 4);
    }

    /// Adds what a socket wants to know of a received datagram at level `SOL_SOCKET`: its time, how
    /// many others were lost, its mark, its priority.
    @Kernel({"sock_recv_cmsgs", "sock_recv_drops", "sock_recv_mark", "sock_recv_priority"})
    public static void ofDatagram(MsgHdr msg, Sock sk, SkBuff skb) {
        timestamps(msg, sk, skb.tstampNs);
        if (sk.prot.timesOnly()) {
            return;
        }
        if (sk.rxqOvfl && sk.drops() != 0) {
            putInt(msg, Sol.SOL_SOCKET, So.SO_RXQ_OVFL, sk.drops());
        }
        if (sk.rcvmark) {
            putInt(msg, Sol.SOL_SOCKET, So.SO_MARK, skb.mark);
        }
        if (sk.rcvpriority) {
            putInt(msg, Sol.SOL_SOCKET, So.SO_PRIORITY, skb.priority);
        }
    }

    /// Adds the time of a packet as the socket wants it: `SO_TIMESTAMP`, `SO_TIMESTAMPNS`,
    /// `SO_TIMESTAMPING`.
    ///
    /// @param ns wall-clock nanoseconds, 0 if the packet was not stamped
    @Kernel({"tcp_recv_timestamp", "__sock_recv_timestamp"})
    public static void timestamps(MsgHdr msg, Sock sk, long ns) {
        if (ns == 0) {
            return;
        }
        byte[] data = new byte[48];
        Abi.putLong(data, 0, Math.floorDiv(ns, 1_000_000_000L));
        long sub = Math.floorMod(ns, 1_000_000_000L);
        if (sk.rcvtstampns) {
            Abi.putLong(data, 8, sub);
            int type = sk.tstampNew ? So.SO_TIMESTAMPNS_NEW : So.SCM_TIMESTAMPNS;
            put(msg, Sol.SOL_SOCKET, type, data, 16);
        } else if (sk.rcvtstamp) {
            Abi.putLong(data, 8, sub / 1000);
            int type = sk.tstampNew ? So.SO_TIMESTAMP_NEW : So.SCM_TIMESTAMP;
            put(msg, Sol.SOL_SOCKET, type, data, 16);
        }
        if ((sk.tsflags & SockTimestamping.SOFTWARE) != 0) {
            Abi.putLong(data, 8, sub);
            int type = sk.tstampNew ? So.SO_TIMESTAMPING_NEW : So.SCM_TIMESTAMPING;
            put(msg, Sol.SOL_SOCKET, type, data, 48);
        }
    }

    /// Adds what an entry of the error queue has to tell at level `SOL_SOCKET`: its time, and the
    /// statistics that came with it.
    @Kernel("__sock_recv_timestamp")
    public static void ofError(MsgHdr msg, Sock sk, SkBuff skb) {
        timestamps(msg, sk, skb.tstampNs);
        SockExterr e = skb.exterr;
        if (e != null && e.stats() && (sk.tsflags & SockTimestamping.SOFTWARE) != 0) {
            byte[] data = new byte[skb.len];
            SkbOps.copyBits(skb, 0, data, 0, data.length);
            put(msg, Sol.SOL_SOCKET, So.SCM_TIMESTAMPING_OPT_STATS, data, data.length);
        }
    }
}
