package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.TcpState;

/// `SO_TIMESTAMPING`: which stamps of sent and received packets the user wants.
public final class SockTimestamping {
    public static final int TX_HARDWARE = 1;
    public static final int TX_SOFTWARE = 1 << 1;
    public static final int RX_HARDWARE = 1 << 2;
    public static final int RX_SOFTWARE = 1 << 3;
    public static final int SOFTWARE = 1 << 4;
    public static final int SYS_HARDWARE = 1 << 5;
    public static final int RAW_HARDWARE = 1 << 6;
    public static final int OPT_ID = 1 << 7;
    public static final int TX_SCHED = 1 << 8;
    public static final int TX_ACK = 1 << 9;
    public static final int OPT_CMSG = 1 << 10;
    public static final int OPT_TSONLY = 1 << 11;
    public static final int OPT_STATS = 1 << 12;
    public static final int OPT_PKTINFO = 1 << 13;
    public static final int OPT_TX_SWHW = 1 << 14;
    public static final int BIND_PHC = 1 << 15;
    public static final int OPT_ID_TCP = 1 << 16;
    public static final int OPT_RX_FILTER = 1 << 17;
    public static final int TX_COMPLETION = 1 << 18;
    private static final int MASK = (1 << 19) - 1;

    /// The flags that make a sent packet leave a stamp (`SOF_TIMESTAMPING_TX_RECORD_MASK`).
    public static final int TX_RECORD_MASK =
            TX_HARDWARE | TX_SOFTWARE | TX_SCHED | TX_ACK | TX_COMPLETION;

    private SockTimestamping() {}

    /// Sets the flags; the sock is locked. The first `OPT_ID` starts the numbering of what is sent.
    @Kernel("sock_set_timestamping")
    static int set(Sock sk, int flags) {
        boolean orphanOption =
                (flags & OPT_ID_TCP) != 0 && (flags & OPT_ID) == 0
                        || (flags & OPT_STATS) != 0 && (flags & OPT_TSONLY) == 0;
        if ((flags & ~MASK) != 0 || orphanOption) {
            return -Errno.EINVAL;
        }
        if ((flags & OPT_ID) != 0 && (sk.tsflags & OPT_ID) == 0) {
            boolean tcp = sk.type == SocketType.SOCK_STREAM && sk.protocol == IpProto.IPPROTO_TCP;
            if (tcp && (sk.state == TcpState.TCP_CLOSE || sk.state == TcpState.TCP_LISTEN)) {
                return -Errno.EINVAL;
            }
            sk.tskey = tcp ? sk.prot.timestampKey(sk, (flags & OPT_ID_TCP) != 0) : 0;
        }
        if ((flags & BIND_PHC) != 0) {
            boolean bound = sk.net.devices.byIndex(sk.boundDevIf) != null;
            return bound ? -Errno.EINVAL : -Errno.EOPNOTSUPP; // no device has a clock
        }
        sk.tsflags = flags;
        return 0;
    }

    /// By its new number only what was set by it can be read.
    static int get(Sock sk, int name, byte[] value) {
        byte[] raw = new byte[8]; // struct so_timestamping: flags, bind_phc
        if (name == So.SO_TIMESTAMPING_OLD || sk.tstampNew) {
            Abi.putInt(raw, 0, sk.tsflags);
        }
        int n = Math.min(raw.length, value.length);
        System.arraycopy(raw, 0, value, 0, n);
        return n;
    }
}
