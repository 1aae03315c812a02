package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SocketType;
import java.nio.charset.StandardCharsets;

/// Setting options of level `SOL_SOCKET` (`sk_setsockopt`).
public final class SockOptions {
    /// Least buffers, bytes of `truesize` (`SOCK_MIN_SNDBUF`, `SOCK_MIN_RCVBUF`).
    private static final int SOCK_MIN_SNDBUF = 4608;

    private static final int SOCK_MIN_RCVBUF = 2304;
    private static final int IFNAMSIZ = 16;

    /// Largest `SO_BUSY_POLL_BUDGET`: it is kept in 16 bits.
    private static final int MAX_BUDGET = 65535;

    /// Bytes of a `struct dmabuf_token`, and how many come at once.
    private static final int DMABUF_TOKEN = 8;

    private static final int MAX_DONTNEED_TOKENS = 128;

    private SockOptions() {}

    /// Sets an option from a C structure's bytes: 0, `-ENOPROTOOPT` for an unknown one, `-EINVAL` for
    /// a bad length or value, `-EPERM`, `-EDOM`, `-ENODEV`.
    @Kernel("sk_setsockopt")
    public static int set(Socket sock, int name, byte[] value) {
        Sock sk = sock.sk;
        assert sk != null;
        if (name == So.SO_BINDTODEVICE) {
            return bindToDevice(sk, value);
        }
        if (name == So.SO_ATTACH_FILTER) {
            return attachFilter(sk, value);
        }
        if (name == So.SO_ATTACH_REUSEPORT_CBPF) {
            return attachReuseport(sk, value);
        }
        if (value.length < 4) {
            return -Errno.EINVAL;
        }
        int val = Abi.getInt(value, 0);
        sk.lock.lock();
        try {
            return setLocked(sk, name, val, value);
        } finally {
            sk.lock.unlock();
        }
    }

    /// The filter of a TCP socket sees segments before TCP does, so it is for the privileged.
    private static int attachFilter(Sock sk, byte[] instructions) {
        if (sk.protocol == IpProto.IPPROTO_TCP && sk.uid != 0) {
            return -Errno.EPERM;
        }
        sk.lock.lock();
        try {
            return SkFilter.attach(sk, instructions);
        } finally {
            sk.lock.unlock();
        }
    }

    @Kernel("sk_reuseport_attach_filter")
    private static int attachReuseport(Sock sk, byte[] instructions) {
        sk.lock.lock();
        try {
            return SockReuseport.attach(sk, instructions);
        } finally {
            sk.lock.unlock();
        }
    }

    private static int setLocked(Sock sk, int name, int val, byte[] raw) {
        boolean on = val != 0;
        switch (name) {
            case So.SO_DEBUG -> {
                if (on && sk.uid != 0) {
                    return -Errno.EACCES;
                }
                sk.dbg = on;
            }
            case So.SO_REUSEADDR -> sk.reuse = on;
            case So.SO_DETACH_REUSEPORT_BPF -> {
                return SockReuseport.detachProgram(sk);
            }
            case So.SO_REUSEPORT -> {
                if (on && !isInet(sk)) {
                    return -Errno.EOPNOTSUPP;
                }
                sk.reuseport = on;
            }
            case So.SO_TYPE, So.SO_PROTOCOL, So.SO_DOMAIN, So.SO_ERROR -> {
                return -Errno.ENOPROTOOPT;
            }
            case So.SO_DONTROUTE -> {
                sk.localroute = on;
                sk.dst = null;
            }
            case So.SO_BROADCAST -> sk.broadcast = on;
            case So.SO_KEEPALIVE -> {
                sk.prot.keepalive(sk, on);
                sk.keepopen = on;
            }
            case So.SO_OOBINLINE -> sk.urginline = on;
            case So.SO_NO_CHECK -> sk.noCheckTx = on;
            case So.SO_PRIORITY -> {
                if ((val < 0 || val > 6) && sk.uid != 0) {
                    return -Errno.EPERM;
                }
                sk.priority = val;
            }
            case So.SO_LINGER -> {
                return setLinger(sk, val, raw);
            }
            case So.SO_BSDCOMPAT -> {}
            case So.SO_INQ -> {
                return sk.prot.setInq(sk, val);
            }
            case So.SO_PASSCRED, So.SO_PASSSEC, So.SO_PASSPIDFD, So.SO_PASSRIGHTS -> {
                return setPass(sk, name, on);
            }
            default -> {
                return setReceiving(sk, name, val, raw);
            }
        }
        return 0;
    }

    private static boolean isInet(Sock sk) {
        return sk.family == Af.AF_INET || sk.family == Af.AF_INET6;
    }

    /// What comes with a message of AF_UNIX; no other family has it.
    private static int setPass(Sock sk, int name, boolean on) {
        if (sk.family != Af.AF_UNIX) {
            return -Errno.EOPNOTSUPP;
        }
        int bit = scmRecvFlag(name);
        sk.scmRecvFlags = on ? sk.scmRecvFlags | bit : sk.scmRecvFlags & ~bit;
        return 0;
    }

    /// The bit of [Sock#scmRecvFlags] that an option stands for.
    static int scmRecvFlag(int name) {
        return switch (name) {
            case So.SO_PASSCRED -> Sock.SCM_RECV_CREDENTIALS;
            case So.SO_PASSSEC -> Sock.SCM_RECV_SECURITY;
            case So.SO_PASSPIDFD -> Sock.SCM_RECV_PIDFD;
            default -> Sock.SCM_RECV_RIGHTS;
        };
    }

    /// Buffers, waiting, and what is told about a received packet.
    private static int setReceiving(Sock sk, int name, int val, byte[] raw) {
        boolean on = val != 0;
        switch (name) {
            case So.SO_SNDBUF ->
                    setSndbuf(sk, atMost(val, sk.net.sysctl.get(NetCoreSysctls.WMEM_MAX)));
            case So.SO_SNDBUFFORCE -> {
                if (sk.uid != 0) {
                    return -Errno.EPERM;
                }
                setSndbuf(sk, Math.max(val, 0));
            }
            case So.SO_RCVBUF ->
                    setRcvbuf(sk, atMost(val, sk.net.sysctl.get(NetCoreSysctls.RMEM_MAX)));
            case So.SO_RCVBUFFORCE -> {
                if (sk.uid != 0) {
                    return -Errno.EPERM;
                }
                setRcvbuf(sk, Math.max(val, 0));
            }
            case So.SO_TIMESTAMP_OLD,
                    So.SO_TIMESTAMP_NEW,
                    So.SO_TIMESTAMPNS_OLD,
                    So.SO_TIMESTAMPNS_NEW ->
                    SockTimestamps.set(sk, name, on);
            case So.SO_TIMESTAMPING_OLD, So.SO_TIMESTAMPING_NEW -> {
                int err = SockTimestamping.set(sk, val);
                sk.tstampNew = err == 0 ? name == So.SO_TIMESTAMPING_NEW : sk.tstampNew;
                return err;
            }
            case So.SO_RCVLOWAT -> {
                int low = val < 0 ? Integer.MAX_VALUE : val;
                return sk.prot.setRcvlowat(sk, low == 0 ? 1 : low);
            }
            case So.SO_RCVTIMEO_OLD, So.SO_RCVTIMEO_NEW -> {
                return setTimeout(sk, raw, true);
            }
            case So.SO_SNDTIMEO_OLD, So.SO_SNDTIMEO_NEW -> {
                return setTimeout(sk, raw, false);
            }
            case So.SO_RXQ_OVFL -> sk.rxqOvfl = on;
            case So.SO_WIFI_STATUS -> sk.wifiStatus = on;
            case So.SO_NOFCS -> sk.nofcs = on;
            case So.SO_SELECT_ERR_QUEUE -> sk.selectErrQueue = on;
            case So.SO_RCVMARK -> sk.rcvmark = on;
            case So.SO_RCVPRIORITY -> sk.rcvpriority = on;
            case So.SO_PEEK_OFF -> {
                if (!sk.prot.hasPeekOff()) {
                    return -Errno.EOPNOTSUPP;
                }
                sk.peekOff = val;
            }
            default -> {
                return setMore(sk, name, val, raw);
            }
        }
        return 0;
    }

    /// Routes, devices, rates, polling and filters.
    private static int setMore(Sock sk, int name, int val, byte[] raw) {
        switch (name) {
            case So.SO_MARK -> {
                if (sk.uid != 0) {
                    return -Errno.EPERM;
                }
                if (sk.mark != val) {
                    sk.mark = val;
                    sk.dst = null;
                }
            }
            case So.SO_CNX_ADVICE -> {
                if (val == 1) {
                    sk.dst = null; // asks for another route
                }
            }
            case So.SO_BUSY_POLL, So.SO_PREFER_BUSY_POLL, So.SO_BUSY_POLL_BUDGET -> {
                return setBusyPoll(sk, name, val);
            }
            case So.SO_MAX_PACING_RATE -> setMaxPacingRate(sk, val, raw);
            case So.SO_INCOMING_CPU -> sk.incomingCpu = val;
            case So.SO_ZEROCOPY -> {
                return setZerocopy(sk, val);
            }
            case So.SO_BINDTOIFINDEX -> {
                return bindToIndex(sk, val);
            }
            case So.SO_BUF_LOCK -> {
                if ((val & ~3) != 0) {
                    return -Errno.EINVAL;
                }
                sk.sndbufLocked = (val & 1) != 0;
                sk.rcvbufLocked = (val & 2) != 0;
            }
            case So.SO_TXREHASH -> {
                if (sk.protocol != IpProto.IPPROTO_TCP) {
                    return -Errno.EOPNOTSUPP;
                }
                if (val < -1 || val > 1) {
                    return -Errno.EINVAL;
                }
                sk.txrehash = (byte) (val == -1 ? 1 : val);
            }
            case So.SO_LOCK_FILTER -> {
                if (sk.filterLocked && val == 0) {
                    return -Errno.EPERM;
                }
                sk.filterLocked = val != 0;
            }
            case So.SO_DETACH_FILTER -> {
                return SkFilter.detach(sk);
            }
            case So.SO_TXTIME -> {
                return SockTxtime.set(sk, raw);
            }
            case So.SO_RESERVE_MEM -> {
                return val < 0 ? -Errno.EINVAL : -Errno.EOPNOTSUPP; // needs a memory cgroup
            }
            case So.SO_DEVMEM_DONTNEED -> {
                return devmemDontneed(sk, raw);
            }
            default -> {
                return -Errno.ENOPROTOOPT;
            }
        }
        return 0;
    }

    /// Gives back device memory by its tokens; there is none, so there is nothing to give back.
    @Kernel("sock_devmem_dontneed")
    private static int devmemDontneed(Sock sk, byte[] tokens) {
        if (sk.protocol != IpProto.IPPROTO_TCP || sk.type != SocketType.SOCK_STREAM) {
            return -Errno.EBADF;
        }
        boolean whole = tokens.length % DMABUF_TOKEN == 0;
        return whole && tokens.length <= DMABUF_TOKEN * MAX_DONTNEED_TOKENS ? 0 : -Errno.EINVAL;
    }

    private static int setBusyPoll(Sock sk, int name, int val) {
        switch (name) {
            case So.SO_BUSY_POLL -> {
                if (val < 0) {
                    return -Errno.EINVAL;
                }
                sk.busyPoll = val;
            }
            case So.SO_PREFER_BUSY_POLL -> {
                if (val != 0 && sk.uid != 0) {
                    return -Errno.EPERM;
                }
                sk.preferBusyPoll = val != 0;
            }
            default -> {
                if (val > sk.busyPollBudget && sk.uid != 0) {
                    return -Errno.EPERM;
                }
                if (val < 0 || val > MAX_BUDGET) {
                    return -Errno.EINVAL;
                }
                sk.busyPollBudget = val;
            }
        }
        return 0;
    }

    /// The user's number is taken for an unsigned one.
    private static int atMost(int val, int max) {
        return Integer.compareUnsigned(val, max) < 0 ? val : max;
    }

    /// Doubles what the user says, as room for the bookkeeping (`SO_SNDBUF`).
    private static void setSndbuf(Sock sk, int val) {
        int capped = Math.min(val, Integer.MAX_VALUE / 2);
        sk.sndbufLocked = true;
        sk.sndbuf = Math.max(capped * 2, SOCK_MIN_SNDBUF);
        sk.writeSpace();
    }

    @Kernel("__sock_set_rcvbuf")
    private static void setRcvbuf(Sock sk, int val) {
        int capped = Math.min(val, Integer.MAX_VALUE / 2);
        sk.rcvbufLocked = true;
        sk.rcvbuf = Math.max(capped * 2, SOCK_MIN_RCVBUF);
    }

    private static int setLinger(Sock sk, int onoff, byte[] raw) {
        if (raw.length < 8) {
            return -Errno.EINVAL;
        }
        sk.linger = onoff != 0;
        if (sk.linger) {
            int seconds = Abi.getInt(raw, 4);
            sk.lingertime = seconds < 0 ? Long.MAX_VALUE : seconds * 1000L;
        }
        return 0;
    }

    /// `struct timeval`: zero means no limit, a negative one is over at once; `-EDOM` for
    /// microseconds out of range.
    @Kernel("sock_set_timeout")
    private static int setTimeout(Sock sk, byte[] raw, boolean receive) {
        if (raw.length < 16) {
            return -Errno.EINVAL;
        }
        long sec = Abi.getLong(raw, 0);
        long usec = Abi.getLong(raw, 8);
        if (usec < 0 || usec >= 1_000_000) {
            return -Errno.EDOM;
        }
        long jiffies;
        if (sec < 0) {
            jiffies = 0;
        } else if (sec == 0 && usec == 0 || sec >= Long.MAX_VALUE / 1000 - 1) {
            jiffies = Long.MAX_VALUE;
        } else {
            jiffies = sec * 1000 + (usec + 999) / 1000;
        }
        if (receive) {
            sk.rcvtimeo = jiffies;
        } else {
            sk.sndtimeo = jiffies;
        }
        return 0;
    }

    private static void setMaxPacingRate(Sock sk, int val, byte[] raw) {
        long rate =
                raw.length >= 8
                        ? Abi.getLong(raw, 0)
                        : val == -1 ? -1L : Integer.toUnsignedLong(val);
        // Whoever asks for a rate is paced, by himself if no queue below does it.
        if (rate != -1L && sk.pacingStatus == Sock.SK_PACING_NONE) {
            sk.pacingStatus = Sock.SK_PACING_NEEDED;
        }
        sk.maxPacingRate = rate;
        if (Long.compareUnsigned(sk.pacingRate, rate) > 0) {
            sk.pacingRate = rate;
        }
    }

    private static int setZerocopy(Sock sk, int val) {
        boolean tcp = sk.type == SocketType.SOCK_STREAM && sk.protocol == IpProto.IPPROTO_TCP;
        boolean udp = sk.type == SocketType.SOCK_DGRAM && sk.protocol == IpProto.IPPROTO_UDP;
        if (!tcp && !udp) {
            return -Errno.EOPNOTSUPP;
        }
        if (val < 0 || val > 1) {
            return -Errno.EINVAL;
        }
        sk.zerocopy = val == 1;
        return 0;
    }

    @Kernel("sock_setbindtodevice")
    private static int bindToDevice(Sock sk, byte[] value) {
        int length = Math.min(value.length, IFNAMSIZ - 1);
        int end = 0;
        while (end < length && value[end] != 0) {
            end++;
        }
        String name = new String(value, 0, end, StandardCharsets.ISO_8859_1);
        int index = 0;
        if (!name.isEmpty()) {
            NetDevice dev = sk.net.devices.byName(name);
            if (dev == null) {
                return -Errno.ENODEV;
            }
            index = dev.ifindex;
        }
        sk.lock.lock();
        try {
            return bindToIndex(sk, index);
        } finally {
            sk.lock.unlock();
        }
    }

    @Kernel("sock_bindtoindex_locked")
    private static int bindToIndex(Sock sk, int index) {
        if (sk.boundDevIf != 0 && sk.uid != 0) {
            return -Errno.EPERM;
        }
        if (index < 0) {
            return -Errno.EINVAL;
        }
        sk.boundDevIf = index;
        sk.dst = null;
        return 0;
    }
}
