package dev.linnet.net.core.sock;

import dev.linnet.fs.CurrentTask;
import dev.linnet.fs.PidFd;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TcpState;
import dev.linnet.uapi.Ucred;
import java.nio.charset.StandardCharsets;

/// Reading options of level `SOL_SOCKET` (`sk_getsockopt`).
public final class SockOptionsGet {
    private static final int MEMINFO_SIZE = 36;

    private SockOptionsGet() {}

    /// Fills `value` as far as it has room and returns how many bytes are valid, or
    /// `-ENOPROTOOPT`, `-EINVAL`, `-ENOTCONN`.
    @Kernel("sk_getsockopt")
    public static int get(Socket sock, int name, byte[] value) {
        Sock sk = sock.sk;
        assert sk != null;
        return switch (name) {
            case So.SO_LINGER -> linger(sk, value);
            case So.SO_RCVTIMEO_OLD, So.SO_RCVTIMEO_NEW -> timeout(sk.rcvtimeo, value);
            case So.SO_SNDTIMEO_OLD, So.SO_SNDTIMEO_NEW -> timeout(sk.sndtimeo, value);
            case So.SO_PEERNAME -> peername(sock, value);
            case So.SO_PEERCRED -> peercred(sk, value);
            case So.SO_PEERGROUPS -> peergroups(sk);
            case So.SO_PEERPIDFD -> peerpidfd(sk, value);
            case So.SO_BINDTODEVICE -> deviceName(sk, value);
            case So.SO_MAX_PACING_RATE -> maxPacingRate(sk, value);
            case So.SO_COOKIE -> value.length < 8 ? -Errno.EINVAL : put8(value, sk.cookie);
            case So.SO_NETNS_COOKIE ->
                    value.length != 8 ? -Errno.EINVAL : put8(value, sk.net.cookie);
            case So.SO_GET_FILTER -> SkFilter.get(sk, value);
            case So.SO_MEMINFO -> meminfo(sk, value);
            case So.SO_TIMESTAMPING_OLD, So.SO_TIMESTAMPING_NEW ->
                    SockTimestamping.get(sk, name, value);
            case So.SO_TXTIME -> SockTxtime.get(sk, value);
            default -> integer(sk, name, value);
        };
    }

    private static int integer(Sock sk, int name, byte[] value) {
        int v;
        switch (name) {
            case So.SO_DEBUG -> v = bit(sk.dbg);
            case So.SO_DONTROUTE -> v = bit(sk.localroute);
            case So.SO_BROADCAST -> v = bit(sk.broadcast);
            case So.SO_SNDBUF -> v = sk.sndbuf;
            case So.SO_RCVBUF -> v = sk.rcvbuf;
            case So.SO_REUSEADDR -> v = bit(sk.reuse);
            case So.SO_REUSEPORT -> v = bit(sk.reuseport);
            case So.SO_KEEPALIVE -> v = bit(sk.keepopen);
            case So.SO_TYPE -> v = sk.type;
            case So.SO_PROTOCOL -> v = sk.protocol;
            case So.SO_DOMAIN -> v = sk.family;
            case So.SO_ERROR -> v = takeError(sk);
            case So.SO_OOBINLINE -> v = bit(sk.urginline);
            case So.SO_NO_CHECK -> v = bit(sk.noCheckTx);
            case So.SO_PRIORITY -> v = sk.priority;
            case So.SO_BSDCOMPAT -> v = 0;
            case So.SO_TIMESTAMP_OLD,
                    So.SO_TIMESTAMP_NEW,
                    So.SO_TIMESTAMPNS_OLD,
                    So.SO_TIMESTAMPNS_NEW ->
                    v = SockTimestamps.get(sk, name);
            case So.SO_RESERVE_MEM -> v = 0;
            case So.SO_RCVLOWAT -> v = sk.rcvlowat;
            case So.SO_SNDLOWAT -> v = 1;
            case So.SO_PASSCRED, So.SO_PASSSEC, So.SO_PASSPIDFD, So.SO_PASSRIGHTS -> {
                if (sk.family != Af.AF_UNIX) {
                    return -Errno.EOPNOTSUPP;
                }
                v = bit((sk.scmRecvFlags & SockOptions.scmRecvFlag(name)) != 0);
            }
            case So.SO_ACCEPTCONN -> v = bit(sk.state == TcpState.TCP_LISTEN);
            case So.SO_MARK -> v = sk.mark;
            case So.SO_RXQ_OVFL -> v = bit(sk.rxqOvfl);
            case So.SO_PEEK_OFF -> {
                if (!sk.prot.hasPeekOff()) {
                    return -Errno.EOPNOTSUPP;
                }
                v = sk.peekOff;
            }
            default -> {
                return laterInteger(sk, name, value);
            }
        }
        return number(v, value);
    }

    /// Those that Linux has had since 2012.
    private static int laterInteger(Sock sk, int name, byte[] value) {
        int v;
        switch (name) {
            case So.SO_BPF_EXTENSIONS -> v = 64;
            case So.SO_SELECT_ERR_QUEUE -> v = bit(sk.selectErrQueue);
            case So.SO_LOCK_FILTER -> v = bit(sk.filterLocked);
            case So.SO_WIFI_STATUS -> v = bit(sk.wifiStatus);
            case So.SO_NOFCS -> v = bit(sk.nofcs);
            case So.SO_PREFER_BUSY_POLL -> v = bit(sk.preferBusyPoll);
            case So.SO_BUSY_POLL -> v = sk.busyPoll;
            case So.SO_INCOMING_CPU -> v = sk.incomingCpu;
            case So.SO_INCOMING_NAPI_ID -> v = 0;
            case So.SO_ZEROCOPY -> v = bit(sk.zerocopy);
            case So.SO_BINDTOIFINDEX -> v = sk.boundDevIf;
            case So.SO_BUF_LOCK -> v = bit(sk.sndbufLocked) | bit(sk.rcvbufLocked) << 1;
            case So.SO_TXREHASH -> {
                if (sk.protocol != IpProto.IPPROTO_TCP) {
                    return -Errno.EOPNOTSUPP;
                }
                v = sk.txrehash;
            }
            case So.SO_RCVMARK -> v = bit(sk.rcvmark);
            case So.SO_RCVPRIORITY -> v = bit(sk.rcvpriority);
            default -> {
                return -Errno.ENOPROTOOPT;
            }
        }
        return number(v, value);
    }

    private static int number(int v, byte[] value) {
        byte[] four = new byte[4];
        Abi.putInt(four, 0, v);
        return copy(four, four.length, value);
    }

    private static int bit(boolean on) {
        return on ? 1 : 0;
    }

    private static int takeError(Sock sk) {
        int e = -sk.sockError();
        if (e == 0) {
            e = sk.errSoft;
            sk.errSoft = 0;
        }
        return e;
    }

    private static int linger(Sock sk, byte[] value) {
        byte[] raw = new byte[8];
        Abi.putInt(raw, 0, bit(sk.linger));
        Abi.putInt(raw, 4, (int) (sk.lingertime / 1000));
        return copy(raw, raw.length, value);
    }

    private static int timeout(long jiffies, byte[] value) {
        byte[] raw = new byte[16];
        if (jiffies != Long.MAX_VALUE) {
            Abi.putLong(raw, 0, jiffies / 1000);
            Abi.putLong(raw, 8, jiffies % 1000 * 1000);
        }
        return copy(raw, raw.length, value);
    }

    private static int peername(Socket sock, byte[] value) {
        int[] result = new int[1];
        SockAddr peer = sock.ops.acceptedName(sock, result);
        if (peer == null) {
            return -Errno.ENOTCONN;
        }
        if (peer.length() < value.length) {
            return -Errno.EINVAL;
        }
        byte[] raw = new byte[SockAddr.STORAGE_SIZE];
        peer.encode(raw, 0);
        return copy(raw, value.length, value);
    }

    /// Only AF_UNIX has a peer with credentials: for others pid 0 and nobody.
    private static int peercred(Sock sk, byte[] value) {
        byte[] raw = new byte[Ucred.SIZE];
        sk.peerCred.encode(raw, 0);
        return copy(raw, raw.length, value);
    }

    /// A descriptor for the process of the peer: `-ENODATA` without a peer, `-EMFILE`.
    private static int peerpidfd(Sock sk, byte[] value) {
        CurrentTask peer = sk.peerTask;
        CurrentTask task = CurrentTask.get();
        if (peer == null || task == null) {
            return -Errno.ENODATA;
        }
        int fd = PidFd.open(task.files(), peer, 0);
        if (fd < 0) {
            return fd;
        }
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, fd);
        return copy(raw, raw.length, value);
    }

    /// The list of a peer is empty: processes have no supplementary groups. `-ENODATA` without a peer.
    private static int peergroups(Sock sk) {
        return sk.peerCred.pid() == 0 ? -Errno.ENODATA : 0;
    }

    private static int deviceName(Sock sk, byte[] value) {
        int index = sk.boundDevIf;
        if (index == 0) {
            return 0;
        }
        if (value.length < 16) {
            return -Errno.EINVAL;
        }
        NetDevice dev = sk.net.devices.byIndex(index);
        if (dev == null) {
            return -Errno.ENODEV;
        }
        byte[] name = (dev.name + "\0").getBytes(StandardCharsets.ISO_8859_1);
        return copy(name, name.length, value);
    }

    private static int maxPacingRate(Sock sk, byte[] value) {
        if (value.length >= 8) {
            return put8(value, sk.maxPacingRate);
        }
        byte[] raw = new byte[4];
        boolean huge = Long.compareUnsigned(sk.maxPacingRate, 0xFFFFFFFFL) > 0;
        Abi.putInt(raw, 0, huge ? -1 : (int) sk.maxPacingRate);
        return copy(raw, raw.length, value);
    }

    private static int put8(byte[] value, long v) {
        Abi.putLong(value, 0, v);
        return 8;
    }

    @Kernel("sk_get_meminfo")
    private static int meminfo(Sock sk, byte[] value) {
        byte[] raw = new byte[MEMINFO_SIZE];
        int[] v = {
            sk.rmemAlloc(), sk.rcvbuf, sk.wmemAlloc(), sk.sndbuf, 0, sk.wmemQueued, 0, 0, sk.drops()
        };
        for (int i = 0; i < v.length; i++) {
            Abi.putInt(raw, 4 * i, v[i]);
        }
        return copy(raw, raw.length, value);
    }

    private static int copy(byte[] raw, int length, byte[] value) {
        int n = Math.min(length, value.length);
        System.arraycopy(raw, 0, value, 0, n);
        return n;
    }
}
