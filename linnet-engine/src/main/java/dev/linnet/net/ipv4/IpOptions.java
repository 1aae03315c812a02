package dev.linnet.net.ipv4;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DstEntry;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv4Options;
import dev.linnet.wire.OptionList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The options of IPv4 headers (RFC 791 section 3.1, `net/ipv4/ip_options.c`).
///
/// Options to be sent are kept as the user gave them, padded to a multiple of four bytes: a source
/// route with the first hop in its first slot and the destination not in it. [#build] turns
/// that into what stands on the wire.
public final class IpOptions {
    private static final int MAX_BYTES = 40;
    private static final int NONE = -1;

    private IpOptions() {}

    // ---- receiving
    // ---------------------------------------------------------------------------------

    /// Checks the options of a packet that has its route, and takes part in them. False if the packet
    /// must die; its sender was told where he shall know (`ip_rcv_options`).
    @Kernel("ip_rcv_options")
    static boolean rcv(SkBuff skb, NetDevice dev) {
        skb.cowHead(SoftIrq.current().stripe, dev.hardHeaderLen);
        int nh = skb.networkHeader;
        IpOptionsCheck check =
                IpOptionsCheck.ofPacket(
                        dev.net,
                        skb.buf,
                        nh + Ipv4.HEADER_BYTES,
                        nh + Ipv4.headerBytes(skb.buf, nh),
                        FibFrontend.computeSpecDst(skb));
        int bad = check.run();
        skb.ipFlags |= check.flags;
        if (bad != IpOptionsCheck.OK) {
            Icmp4.send(skb, Icmp.PARAMETER_PROB, 0, bad - nh << 24);
            return false;
        }
        if ((check.flags & IpCb.SRR) == 0) {
            return true;
        }
        InDevice in = InDevice.of(dev);
        return in != null
                && in.conf.on(ConfSysctls.ACCEPT_SOURCE_ROUTE)
                && rcvSourceRoute(skb, dev);
    }

    /// A source route that leads on from here (`ip_options_rcv_srr`).
    @Kernel("ip_options_rcv_srr")
    private static boolean rcvSourceRoute(SkBuff skb, NetDevice dev) {
        if (skb.pktType != SkBuff.PACKET_HOST || !(skb.dst instanceof Rtable rt)) {
            return false;
        }
        if (rt.type == Rtn.UNICAST) {
            if ((skb.ipFlags & IpCb.STRICT_ROUTE) != 0) {
                Icmp4.send(skb, Icmp.PARAMETER_PROB, 0, Ipv4.DADDR << 24);
                return false;
            }
            return true;
        }
        return rt.type == Rtn.LOCAL && followRoute(skb, dev);
    }

    /// Goes over those hops that are this host to the first that is not.
    private static boolean followRoute(SkBuff skb, NetDevice dev) {
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        int p = findSourceRoute(skb);
        int bytes = OptionList.bytes(b, p);
        int ours = Ipv4.daddr(b, nh);
        for (int at = Ipv4Options.pointer(b, p); at <= bytes; at += 4) {
            if (at + 3 > bytes) {
                Icmp4.send(skb, Icmp.PARAMETER_PROB, 0, p + 2 - nh << 24);
                return false;
            }
            int hop = Bytes.u32(b, p + at - 1);
            DstEntry before = skb.dst;
            Ipv4.daddr(b, nh, hop);
            boolean ok = RouteInput.route(skb, dev) == null;
            int type = skb.dst instanceof Rtable rt ? rt.type : Rtn.UNSPEC;
            if (!ok || (type != Rtn.UNICAST && type != Rtn.LOCAL)) {
                skb.dst = before;
                Ipv4.daddr(b, nh, ours);
                return false;
            }
            skb.ipFlags |= IpCb.CHANGED;
            if (type == Rtn.UNICAST) {
                Ipv4.daddr(b, nh, ours);
                skb.ipFlags |= IpCb.SRR_HIT;
                return true;
            }
            ours = hop;
        }
        return true;
    }

    /// Where the source route of a packet that passed [#rcv] begins.
    private static int findSourceRoute(SkBuff skb) {
        int nh = skb.networkHeader;
        int end = nh + Ipv4.headerBytes(skb.buf, nh);
        return findRoute(skb.buf, nh + Ipv4.HEADER_BYTES, end);
    }

    private static int findRoute(byte[] b, int start, int end) {
        int lsrr = find(b, start, end, Ipv4Options.LSRR);
        return lsrr != NONE ? lsrr : find(b, start, end, Ipv4Options.SSRR);
    }

    private static int find(byte[] b, int start, int end, int kind) {
        for (int p = OptionList.first(b, start, end); p >= 0; p = OptionList.next(b, p, end)) {
            if (OptionList.kind(b, p) == kind && OptionList.bytes(b, p) >= 3) {
                return p;
            }
        }
        return NONE;
    }

    // ---- forwarding
    // ----------------------------------------------------------------------------------

    /// Leaves the trace of this host in the options of a packet that it forwards, and sends it to the
    /// next hop of its source route (`ip_forward_options`). The header is writable.
    @Kernel("ip_forward_options")
    static void forward(SkBuff skb, Rtable rt) {
        byte[] b = skb.buf;
        int nh = skb.networkHeader;
        int start = nh + Ipv4.HEADER_BYTES;
        int end = nh + Ipv4.headerBytes(b, nh);
        int source = Devinet.selectAddr(rt.dev, rt.gateway, Devinet.SCOPE_UNIVERSE);
        if ((skb.ipFlags & IpCb.RR_NEEDADDR) != 0) {
            int p = find(b, start, end, Ipv4Options.RR);
            Bytes.u32(b, p + Ipv4Options.pointer(b, p) - 5, source);
        }
        if ((skb.ipFlags & IpCb.SRR_HIT) != 0) {
            toNextHop(skb, source);
        }
        if ((skb.ipFlags & IpCb.CHANGED) != 0) {
            skb.ipFlags &= ~IpCb.CHANGED;
            Ipv4.sendCheck(b, nh);
        }
    }

    private static void toNextHop(SkBuff skb, int source) {
        byte[] b = skb.buf;
        int p = findSourceRoute(skb);
        int bytes = OptionList.bytes(b, p);
        NetDevice dev = skb.dev;
        assert dev != null;
        for (int at = Ipv4Options.pointer(b, p); at + 3 <= bytes; at += 4) {
            int hop = Bytes.u32(b, p + at - 1);
            if (InetAddrType.of(dev.net, hop, 0) != Rtn.LOCAL) {
                Ipv4.daddr(b, skb.networkHeader, hop);
                Bytes.u32(b, p + at - 1, source);
                Ipv4Options.pointer(b, p, at + 4);
                return;
            }
        }
    }

    // ---- sending
    // ---------------------------------------------------------------------------------------

    /// The options that a user gives for his packets, padded, or null with `-errno` in `result[0]`:
    /// `EINVAL` for malformed ones, more than 40 bytes, or such that need privilege
    /// (`ip_options_get`). Null with 0 means none.
    @Kernel("ip_options_get")
    public static byte @Nullable [] parseUser(
            NetNamespace net, byte[] raw, boolean privileged, int[] result) {
        result[0] = -Errno.EINVAL;
        if (raw.length > MAX_BYTES) {
            return null;
        }
        byte[] padded = Arrays.copyOf(raw, raw.length + 3 & ~3);
        if (IpOptionsCheck.ofUser(net, padded, privileged).run() != IpOptionsCheck.OK) {
            return null;
        }
        result[0] = 0;
        return padded.length == 0 ? null : padded;
    }

    /// The address that packets with these options go to first: the first hop of a source route, else
    /// the destination. Addresses are IPv4-mapped low halves.
    public static long firstHop(byte @Nullable [] options, long daddrLo) {
        if (options == null) {
            return daddrLo;
        }
        int p = findRoute(options, 0, options.length);
        return p == NONE ? daddrLo : In6Addr.mapV4(Ipv4Options.routeAddr(options, p, 0));
    }

    /// Writes options behind the fixed header at `header`, whose source and (final) destination stand
    /// already, and leaves in it the address of the first hop (`ip_options_build`).
    @Kernel("ip_options_build")
    static void build(SkBuff skb, int header, byte[] options) {
        byte[] b = skb.buf;
        int start = header + Ipv4.HEADER_BYTES;
        int end = start + options.length;
        System.arraycopy(options, 0, b, start, options.length);
        for (int p = OptionList.first(b, start, end); p >= 0; p = OptionList.next(b, p, end)) {
            switch (OptionList.kind(b, p)) {
                case Ipv4Options.LSRR, Ipv4Options.SSRR -> buildRoute(b, p, header);
                case Ipv4Options.RR -> recordSelf(b, p, Ipv4.saddr(b, header));
                case Ipv4Options.TIMESTAMP -> {
                    DstEntry dst = skb.dst;
                    assert dst != null : "a packet that is sent has a route";
                    stampSelf(dst.dev.net, b, p, Ipv4.saddr(b, header));
                }
                default -> {}
            }
        }
    }

    private static void buildRoute(byte[] b, int p, int header) {
        int slots = Ipv4Options.routeSlots(b, p);
        int firstHop = Ipv4Options.routeAddr(b, p, 0);
        for (int i = 1; i < slots; i++) {
            Ipv4Options.routeAddr(b, p, i - 1, Ipv4Options.routeAddr(b, p, i));
        }
        Ipv4Options.routeAddr(b, p, slots - 1, Ipv4.daddr(b, header));
        Ipv4.daddr(b, header, firstHop);
    }

    private static void recordSelf(byte[] b, int p, int saddr) {
        int pointer = Ipv4Options.pointer(b, p);
        if (pointer + 3 <= OptionList.bytes(b, p)) {
            Bytes.u32(b, p + pointer - 1, saddr);
            Ipv4Options.pointer(b, p, pointer + 4);
        }
    }

    private static void stampSelf(NetNamespace net, byte[] b, int p, int saddr) {
        int pointer = Ipv4Options.pointer(b, p);
        int bytes = OptionList.bytes(b, p);
        int now = Icmp4.currentTimestamp(net);
        int flag = Ipv4Options.timestampFlag(b, p);
        if (flag == Ipv4Options.TS_TSONLY && pointer + 3 <= bytes) {
            Bytes.u32(b, p + pointer - 1, now);
            Ipv4Options.pointer(b, p, pointer + 4);
        } else if (flag == Ipv4Options.TS_TSANDADDR || flag == Ipv4Options.TS_PRESPEC) {
            if (pointer + 7 > bytes) {
                return;
            }
            if (flag == Ipv4Options.TS_TSANDADDR) {
                Bytes.u32(b, p + pointer - 1, saddr);
            } else if (InetAddrType.of(net, Bytes.u32(b, p + pointer - 1), 0) == Rtn.UNICAST) {
                return; // the next to stamp is somebody else
            }
            Bytes.u32(b, p + pointer + 3, now);
            Ipv4Options.pointer(b, p, pointer + 8);
        }
    }

    /// After the first fragment only the options with the copied flag are repeated; the others
    /// become padding (`ip_options_fragment`).
    @Kernel("ip_options_fragment")
    static void fragment(byte[] b, int header) {
        int start = header + Ipv4.HEADER_BYTES;
        int end = header + Ipv4.headerBytes(b, header);
        int p = OptionList.first(b, start, end);
        while (p >= 0) {
            int next = OptionList.next(b, p, end);
            if (!Ipv4Options.isCopied(OptionList.kind(b, p))) {
                Arrays.fill(b, p, p + OptionList.bytes(b, p), (byte) OptionList.NOP);
            }
            p = next;
        }
    }

    // ---- answers
    // ---------------------------------------------------------------------------------------

    /// The options for the answer to a received packet, as [#build] wants them, or null: recorded
    /// routes and times go on being recorded, a source route is turned round (`ip_options_echo`, RFC
    /// 1122 section 3.2.1.8). `networkHeader` is at its header.
    @Kernel({"ip_options_echo", "__ip_options_echo"})
    public static byte @Nullable [] echo(SkBuff skb) {
        return echo(skb, new int[1]);
    }

    /// The same; `-EINVAL` in `err[0]` if an option has room for a part of an entry only, so that this
    /// host cannot add its own.
    static byte @Nullable [] echo(SkBuff skb, int[] err) {
        err[0] = 0;
        int nh = skb.networkHeader;
        byte[] b = skb.buf;
        int ihl = Ipv4.headerBytes(b, nh);
        if (ihl <= Ipv4.HEADER_BYTES || nh + ihl > skb.tail) {
            return null;
        }
        int start = nh + Ipv4.HEADER_BYTES;
        int end = nh + ihl;
        byte[] out = new byte[MAX_BYTES];
        // Only those that were found to be right.
        boolean hasRr = (skb.ipFlags & IpCb.HAS_RR) != 0;
        boolean hasTs = (skb.ipFlags & IpCb.HAS_TS) != 0;
        int rr = hasRr ? find(b, start, end, Ipv4Options.RR) : NONE;
        int ts = hasTs ? find(b, start, end, Ipv4Options.TIMESTAMP) : NONE;
        if ((rr != NONE && (skb.ipFlags & IpCb.RR_NEEDADDR) != 0 && lacksRoom(b, rr, 4))
                || (ts != NONE && stamped(skb) && lacksRoom(b, ts, entryBytes(b, ts)))) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        int n = copyOption(b, rr, out, 0);
        n = copyOption(b, ts, out, n);
        int route = (skb.ipFlags & IpCb.SRR) != 0 ? findRoute(b, start, end) : NONE;
        if (route != NONE) {
            n = turnRoute(b, route, Ipv4.saddr(b, nh), out, n);
        }
        if ((skb.ipFlags & IpCb.HAS_CIPSO) != 0) {
            n = copyOption(b, find(b, start, end, Ipv4Options.CIPSO), out, n);
        }
        return n == 0 ? null : Arrays.copyOf(out, n + 3 & ~3);
    }

    /// True if the next entry begins in the option and ends behind it.
    private static boolean lacksRoom(byte[] b, int p, int entryBytes) {
        int pointer = Ipv4Options.pointer(b, p);
        int bytes = OptionList.bytes(b, p);
        return pointer <= bytes && pointer + entryBytes - 1 > bytes;
    }

    private static int entryBytes(byte[] b, int p) {
        return Ipv4Options.timestampFlag(b, p) == Ipv4Options.TS_TSANDADDR ? 8 : 4;
    }

    private static boolean stamped(SkBuff skb) {
        return (skb.ipFlags & IpCb.TS_NEEDTIME) != 0;
    }

    private static int copyOption(byte[] b, int p, byte[] out, int n) {
        if (p == NONE) {
            return n;
        }
        int bytes = OptionList.bytes(b, p);
        System.arraycopy(b, p, out, n, bytes);
        return n + bytes;
    }

    /// The hops that the packet came over, the last one first; a route that begins with the sender
    /// himself is mended (RFC 1812 section 5.2.4.1).
    private static int turnRoute(byte[] b, int p, int saddr, byte[] out, int n) {
        int bytes = OptionList.bytes(b, p);
        int visited = Math.min(Ipv4Options.pointer(b, p) / 4 - 1, (bytes - 3) / 4);
        int first = visited > 0 && Ipv4Options.routeAddr(b, p, 0) == saddr ? 1 : 0;
        int hops = visited - first;
        if (hops <= 0) {
            return n;
        }
        for (int i = 0; i < hops; i++) {
            Ipv4Options.routeAddr(out, n, i, Ipv4Options.routeAddr(b, p, visited - 1 - i));
        }
        int outBytes = 3 + 4 * hops;
        out[n] = b[p];
        out[n + 1] = (byte) outBytes;
        Ipv4Options.pointer(out, n, Ipv4Options.ROUTE_FIRST_POINTER);
        return n + outBytes;
    }

    /// True if the options of a socket have a strict source route.
    static boolean hasStrictRoute(byte[] options) {
        return find(options, 0, options.length, Ipv4Options.SSRR) != NONE;
    }
}
