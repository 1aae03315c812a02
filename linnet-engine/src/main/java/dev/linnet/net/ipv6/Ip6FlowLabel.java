package dev.linnet.net.ipv6;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.Ipv6Sysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.IpcmCookie;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv6;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Flow labels that sockets lease from the namespace (`IPV6_FLOWLABEL_MGR`,
/// `net/ipv6/ip6_flowlabel.c`). While any is leased for a socket, a process or a user alone, others
/// may not send with labels that they have not leased. The sock is locked.
final class Ip6FlowLabel {
    /// `struct in6_flowlabel_req`: address, label (network order), action, share, flags, lifetimes in
    /// seconds.
    private static final int REQ_BYTES = 32;

    private static final int LABEL = 16;
    private static final int ACTION = 20;
    private static final int SHARE = 21;
    private static final int FLAGS = 22;
    private static final int EXPIRES = 24;
    private static final int LINGER = 26;

    private static final int A_GET = 0;
    private static final int A_PUT = 1;
    private static final int A_RENEW = 2;

    private static final int F_CREATE = 1;
    private static final int F_EXCL = 2;
    private static final int F_REFLECT = 4;

    private static final int S_NONE = 0;
    private static final int S_EXCL = 1;
    private static final int S_PROCESS = 2;
    private static final int S_USER = 3;
    private static final int S_ANY = 255;

    /// Labels of which the stack may not make any itself (`flowlabel_state_ranges`).
    private static final int STATELESS = 0x0008_0000;

    private static final int MIN_LINGER = 6;
    private static final int MAX_LINGER = 150;
    private static final int MAX_OPTIONS = 64 * 1024;

    /// Leases of a namespace, and of one socket.
    private static final int MAX_LEASES = 4096;

    private static final int MAX_PER_SOCK = 32;

    /// How long labels are looked at after the last one that was not for everybody.
    private static final long STRICT_JIFFIES = 1000;

    /// The leases of a namespace; guarded by itself.
    private static final class Table {
        final Map<Integer, Lease> leases = new HashMap<>();

        /// Leases that are not for everybody, and until when labels are looked at though there are none
        /// (`flowlabel_has_excl`, `ipv6_flowlabel_exclusive`).
        volatile int exclusive;

        volatile long strictUntil;
    }

    /// One label (`struct ip6_flowlabel`).
    static final class Lease {
        int label;
        int share;
        long dstHi;
        long dstLo;
        long owner;
        @Nullable Ipv6TxOptions opt;

        /// Jiffies.
        long linger;

        long expires;
        long lastUse;
        int users;
    }

    private static final Pernet<Table> TABLE = new Pernet<>(net -> new Table());

    private Ip6FlowLabel() {}

    // ---- the option
    // ----------------------------------------------------------------------------------

    /// Fills in the label of a new lease in `value`.
    @Kernel("ipv6_flowlabel_opt")
    static int set(InetSock sk, byte[] value) {
        if (value.length < REQ_BYTES) {
            return -Errno.EINVAL;
        }
        return switch (Bytes.u8(value, ACTION)) {
            case A_PUT -> put(sk, value);
            case A_RENEW -> renew(sk, value);
            case A_GET -> get(sk, value);
            default -> -Errno.EINVAL;
        };
    }

    private static int flags(byte[] req) {
        return Abi.getShort(req, FLAGS) & 0xFFFF;
    }

    @Kernel("ipv6_flowlabel_put")
    private static int put(InetSock sk, byte[] req) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.make(sk);
        if ((flags(req) & F_REFLECT) != 0) {
            if (sk.protocol != IpProto.IPPROTO_TCP) {
                return -Errno.ENOPROTOOPT;
            }
            if (!sk.repflow) {
                return -Errno.ESRCH;
            }
            sk.flowLabel = 0;
            sk.repflow = false;
            return 0;
        }
        Lease lease = own(pinfo, Bytes.u32(req, LABEL));
        if (lease == null) {
            return -Errno.ESRCH;
        }
        if (lease.label == sk.flowLabel) {
            sk.flowLabel = 0;
        }
        pinfo.flowLabels.remove(lease);
        release(sk.net, lease);
        return 0;
    }

    private static @Nullable Lease own(Ipv6Pinfo pinfo, int label) {
        for (Lease l : pinfo.flowLabels) {
            if (l.label == label) {
                return l;
            }
        }
        return null;
    }

    @Kernel("ipv6_flowlabel_renew")
    private static int renew(InetSock sk, byte[] req) {
        int label = Bytes.u32(req, LABEL);
        Lease lease = own(Ipv6Pinfo.make(sk), label);
        if (lease == null && Bytes.u8(req, SHARE) == S_NONE && sk.uid == 0) {
            lease = lookup(sk.net, label);
            lease = lease != null && lease.users > 0 ? lease : null;
        }
        return lease == null ? -Errno.ESRCH : extend(sk, lease, req);
    }

    /// Longer lifetimes: 0, or `-EPERM` if they are too long for the unprivileged.
    @Kernel({"fl6_renew", "check_linger"})
    private static int extend(InetSock sk, Lease lease, byte[] req) {
        long linger = lifetime(sk, Abi.getShort(req, LINGER) & 0xFFFF);
        long expires = lifetime(sk, Abi.getShort(req, EXPIRES) & 0xFFFF);
        if (linger == 0 || expires == 0) {
            return -Errno.EPERM;
        }
        long now = sk.net.clock.jiffies();
        synchronized (TABLE.of(sk.net)) {
            lease.lastUse = now;
            lease.linger = Math.max(lease.linger, linger);
            lease.expires = Math.max(lease.expires, now + Math.max(expires, lease.linger));
        }
        return 0;
    }

    private static long lifetime(InetSock sk, int seconds) {
        if (seconds < MIN_LINGER) {
            return MIN_LINGER * 1000L;
        }
        return seconds > MAX_LINGER && sk.uid != 0 ? 0 : seconds * 1000L;
    }

    @Kernel("ipv6_flowlabel_get")
    private static int get(InetSock sk, byte[] req) {
        int flags = flags(req);
        if ((flags & F_REFLECT) != 0) {
            if (sk.net.sysctl.get(Ipv6Sysctls.FLOWLABEL_CONSISTENCY)) {
                return -Errno.EPERM;
            }
            sk.repflow |= sk.protocol == IpProto.IPPROTO_TCP;
            return sk.repflow ? 0 : -Errno.ENOPROTOOPT;
        }
        int label = Bytes.u32(req, LABEL);
        if ((label & ~Ipv6.FLOW_LABEL_MASK) != 0) {
            return -Errno.EINVAL;
        }
        boolean ranges = sk.net.sysctl.get(Ipv6Sysctls.FLOWLABEL_STATE_RANGES);
        if (ranges && (label & STATELESS) != 0) {
            return -Errno.ERANGE;
        }
        Lease wanted = new Lease();
        int bad = fill(sk, wanted, req);
        return bad != 0 ? bad : take(sk, wanted, label, flags, req);
    }

    /// What is asked for: 0, `-EINVAL`, `-EPERM`, or what the options are refused with.
    @Kernel("fl_create")
    private static int fill(InetSock sk, Lease lease, byte[] req) {
        int options = req.length - REQ_BYTES;
        if (options > MAX_OPTIONS) {
            return -Errno.EINVAL;
        }
        if (options > 0) {
            MsgHdr msg = new MsgHdr();
            msg.control = Arrays.copyOfRange(req, REQ_BYTES, req.length);
            msg.controlLen = options;
            IpcmCookie ipc = new IpcmCookie().init(sk);
            int bad = Ipv6CmsgSend.send(sk, msg, ipc);
            Ipv6TxOptions opt = (Ipv6TxOptions) ipc.opt6;
            if (bad != 0 || (opt != null && opt.dst1opt() != null)) {
                return bad != 0 ? bad : -Errno.EINVAL;
            }
            lease.opt = opt;
        }
        int bad = extend(sk, lease, req);
        if (bad != 0) {
            return bad;
        }
        lease.share = Bytes.u8(req, SHARE);
        lease.dstHi = Bytes.u64(req, 0);
        lease.dstLo = Bytes.u64(req, 8);
        boolean nobody =
                In6Addr.isUnspecified(lease.dstHi, lease.dstLo)
                        || In6Addr.isV4Mapped(lease.dstHi, lease.dstLo);
        boolean shared =
                switch (lease.share) {
                    case S_EXCL, S_PROCESS, S_USER, S_ANY -> true;
                    default -> false;
                };
        boolean refused = nobody || !shared;
        if (!refused && isExclusive(lease)) {
            TABLE.of(sk.net).strictUntil = sk.net.clock.jiffies() + STRICT_JIFFIES;
        }
        lease.owner = lease.share == S_USER ? sk.uid : lease.share == S_PROCESS ? sk.ownerPid : 0;
        return refused ? -Errno.EINVAL : 0;
    }

    @Kernel("fl_shared_exclusive")
    private static boolean isExclusive(Lease lease) {
        return lease.share != S_ANY || lease.opt != null;
    }

    private static int take(InetSock sk, Lease wanted, int label, int flags, byte[] req) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.make(sk);
        Table table = TABLE.of(sk.net);
        synchronized (table) {
            Lease present = label == 0 ? null : lookup(sk.net, label);
            if (present != null && present.users > 0) {
                return join(pinfo, present, wanted, flags);
            }
            if ((flags & F_CREATE) == 0) {
                return -Errno.ENOENT;
            }
            if (!room(sk, pinfo, table)) {
                return -Errno.ENOBUFS;
            }
            if (present != null) {
                return join(pinfo, present, wanted, flags); // it lingers
            }
            wanted.label = label != 0 ? label : unused(sk.net, table);
            wanted.users = 1;
            table.leases.put(wanted.label, wanted);
            table.exclusive += isExclusive(wanted) ? 1 : 0;
        }
        pinfo.flowLabels.add(wanted);
        Bytes.u32(req, LABEL, wanted.label);
        return 0;
    }

    private static int join(Ipv6Pinfo pinfo, Lease present, Lease wanted, int flags) {
        if ((flags & F_EXCL) != 0) {
            return -Errno.EEXIST;
        }
        boolean alike = present.share == wanted.share && present.owner == wanted.owner;
        if (present.share == S_EXCL || !alike) {
            return -Errno.EPERM;
        }
        present.linger = Math.max(present.linger, wanted.linger);
        present.expires = Math.max(present.expires, wanted.expires);
        present.users++;
        pinfo.flowLabels.add(present);
        return 0;
    }

    @Kernel("mem_check")
    private static boolean room(InetSock sk, Ipv6Pinfo pinfo, Table table) {
        int room = MAX_LEASES - table.leases.size();
        int count = pinfo.flowLabels.size();
        boolean scarce =
                count >= MAX_PER_SOCK
                        || (count > 0 && room < MAX_LEASES / 2)
                        || room < MAX_LEASES / 4;
        return room > 0 && (!scarce || sk.uid == 0);
    }

    private static int unused(NetNamespace net, Table table) {
        boolean ranges = net.sysctl.get(Ipv6Sysctls.FLOWLABEL_STATE_RANGES);
        int mask = ranges ? Ipv6.FLOW_LABEL_MASK & ~STATELESS : Ipv6.FLOW_LABEL_MASK;
        int label;
        do {
            label = net.random.nextInt() & mask;
        } while (label == 0 || table.leases.containsKey(label));
        return label;
    }

    // ---- leases
    // --------------------------------------------------------------------------------------

    /// A lease that holds, or that nobody uses but is not over yet. One that is over ends here.
    @Kernel({"fl_lookup", "ip6_fl_gc"})
    private static @Nullable Lease lookup(NetNamespace net, int label) {
        Table table = TABLE.of(net);
        long now = net.clock.jiffies();
        synchronized (table) {
            table.leases.values().removeIf(l -> isOver(table, l, now));
            return table.leases.get(label);
        }
    }

    private static boolean isOver(Table table, Lease l, long now) {
        boolean over = l.users == 0 && now >= Math.max(l.lastUse + l.linger, l.expires);
        if (over && isExclusive(l)) {
            table.exclusive--;
            table.strictUntil = now + STRICT_JIFFIES;
        }
        return over;
    }

    @Kernel("fl_release")
    private static void release(NetNamespace net, Lease lease) {
        synchronized (TABLE.of(net)) {
            lease.users--;
            lease.lastUse = net.clock.jiffies();
        }
    }

    /// The socket is closed: its leases linger.
    @Kernel("fl6_free_socklist")
    static void dropSocket(InetSock sk) {
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        if (pinfo != null) {
            pinfo.flowLabels.forEach(l -> release(sk.net, l));
            pinfo.flowLabels.clear();
        }
    }

    /// True if a socket may send with a label: it has leased it, or all leases are for everybody.
    @Kernel("fl6_sock_lookup")
    @HotPath
    static boolean allows(InetSock sk, int label) {
        Table table = TABLE.of(sk.net);
        boolean strict = table.exclusive > 0 || sk.net.clock.jiffies() < table.strictUntil;
        if (label == 0 || !strict) {
            return true;
        }
        Ipv6Pinfo pinfo = Ipv6Pinfo.of(sk);
        Lease lease = pinfo == null ? null : own(pinfo, label);
        if (lease != null) {
            lease.lastUse = sk.net.clock.jiffies();
        }
        return lease != null;
    }

    /// Tells which lease the socket sends with, in the structure of the request: its bytes,
    /// `-EINVAL`, or `-ENOENT` if it has none.
    @Kernel("ipv6_flowlabel_opt_get")
    static int getOption(InetSock sk, byte[] value) {
        if (value.length < REQ_BYTES || Bytes.u8(value, ACTION) != A_GET) {
            return -Errno.EINVAL;
        }
        byte[] req = new byte[REQ_BYTES];
        Ipv6Pinfo pinfo = Ipv6Pinfo.make(sk);
        if (sk.repflow) {
            Bytes.u32(req, LABEL, sk.flowLabel);
        } else {
            Lease lease = own(pinfo, sk.flowLabel);
            if (lease == null) {
                return -Errno.ENOENT;
            }
            describe(lease, req, sk.net.clock.jiffies());
        }
        System.arraycopy(req, 0, value, 0, REQ_BYTES);
        return REQ_BYTES;
    }

    private static void describe(Lease lease, byte[] req, long now) {
        Bytes.u64(req, 0, lease.dstHi);
        Bytes.u64(req, 8, lease.dstLo);
        Bytes.u32(req, LABEL, lease.label);
        req[SHARE] = (byte) lease.share;
        Abi.putShort(req, EXPIRES, (short) ((lease.expires - now) / 1000));
        Abi.putShort(req, LINGER, (short) (lease.linger / 1000));
    }
}
