package dev.linnet.net.ipv4;

import static dev.linnet.wire.Arp.HEADER_BYTES;
import static dev.linnet.wire.Arp.OP_REPLY;
import static dev.linnet.wire.Arp.OP_REQUEST;
import static dev.linnet.wire.Arp.checkHeader;
import static dev.linnet.wire.Arp.op;
import static dev.linnet.wire.Arp.put;
import static dev.linnet.wire.Arp.sha;
import static dev.linnet.wire.Arp.sip;
import static dev.linnet.wire.Arp.tha;
import static dev.linnet.wire.Arp.tip;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.kernel.sysctl.ConfSysctls;
import dev.linnet.kernel.sysctl.DevConf;
import dev.linnet.kernel.sysctl.NeighSysctls;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.DevQueueXmit;
import dev.linnet.net.core.dev.EtherHeader;
import dev.linnet.net.core.dev.NeighOps;
import dev.linnet.net.core.dev.NeighTable;
import dev.linnet.net.core.dev.NeighTables;
import dev.linnet.net.core.dev.Neighbour;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Nud;
import dev.linnet.net.core.dev.PacketType;
import dev.linnet.net.core.dev.PacketTypes;
import dev.linnet.net.core.dev.Rtn;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.wire.Ethernet;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.MacAddr;
import org.jspecify.annotations.Nullable;

/// Address resolution for IPv4 (RFC 826, RFC 5227; `net/ipv4/arp.c`).
public final class Arp extends PacketType {
    private Arp() {}

    /// Sets up ARP in a namespace.
    @Kernel("arp_init")
    public static void init(NetNamespace net) {
        NeighTables.installArp(net, new Ops());
        PacketTypes.add(net, PacketTypes.ETH_P_ARP, new Arp());
    }

    // ---- asking
    // ------------------------------------------------------------------------------------

    /// ARP's part of the neighbour machinery (`arp_hh_ops`).
    private static final class Ops extends NeighOps {
        @Override
        @Kernel("arp_solicit")
        public void solicit(Neighbour neigh, @Nullable SkBuff skb, int probes) {
            NetDevice dev = neigh.dev;
            int target = In6Addr.mappedV4(neigh.lo);
            int saddr = sourceFor(dev, skb, target);
            boolean known = probes < 0;
            long to = known ? neigh.lladdr() : MacAddr.BROADCAST;
            send(dev, OP_REQUEST, to, target, saddr, 0);
        }

        @Override
        @Kernel("arp_error_report")
        public void errorReport(Neighbour neigh, SkBuff skb) {
            Icmp4.send(skb, Icmp.DEST_UNREACH, Icmp.HOST_UNREACH, 0);
            skb.drop(DropReason.NEIGH_FAILED);
        }

        @Override
        public DevConf parms(NetDevice dev) {
            return inDevice(dev).neigh;
        }
    }

    private static InDevice inDevice(NetDevice dev) {
        InDevice in = InDevice.of(dev);
        if (in == null) {
            throw new IllegalStateException(dev + " has no IPv4");
        }
        return in;
    }

    /// The address that asks, after `arp_announce`: that of the packet that waits if it is ours (with
    /// 1 only if the target is in its network), else the best of the device.
    private static int sourceFor(NetDevice dev, @Nullable SkBuff skb, int target) {
        int announce = inDevice(dev).conf.effective(ConfSysctls.ARP_ANNOUNCE);
        if (skb != null && announce < 2) {
            int saddr = Ipv4.saddr(skb.buf, skb.networkHeader);
            boolean ours = InetAddrType.of(dev.net, saddr, 0) == Rtn.LOCAL;
            if (ours && (announce == 0 || onLink(dev, target, saddr))) {
                return saddr;
            }
        }
        return Devinet.selectAddr(dev, target, Devinet.SCOPE_LINK);
    }

    @Kernel("inet_addr_onlink")
    private static boolean onLink(NetDevice dev, int a, int b) {
        for (InDevice.IfAddr ifa : inDevice(dev).addrs) {
            if (ifa.matches(a) && ifa.matches(b)) {
                return true;
            }
        }
        return false;
    }

    /// Sends a message: about `tip`, from `sip`, in a frame to `dest` (`arp_send`).
    @Kernel({"arp_send", "arp_send_dst", "arp_create"})
    private static void send(NetDevice dev, int op, long dest, int tip, int sip, long tha) {
        if ((dev.flags & NetDevice.IFF_NOARP) != 0 || dev.hardHeaderLen == 0) {
            return;
        }
        SkBuff skb =
                SkBuff.alloc(
                        dev.net.pool,
                        SoftIrq.current().stripe,
                        Ethernet.HEADER_BYTES + HEADER_BYTES);
        skb.reserve(Ethernet.HEADER_BYTES);
        int at = skb.put(HEADER_BYTES);
        put(skb.buf, at, op, EtherHeader.address(dev), sip, tha, tip);
        skb.networkHeader = at;
        skb.protocol = Ethernet.P_ARP;
        skb.dev = dev;
        EtherHeader.push(skb, dev, dest);
        DevQueueXmit.xmit(skb, dev);
    }

    // ---- hearing
    // -------------------------------------------------------------------------------------

    @Override
    @Kernel("arp_rcv")
    public void rcv(SkBuff skb, NetDevice dev) {
        boolean notForUs =
                (dev.flags & NetDevice.IFF_NOARP) != 0
                        || skb.pktType == SkBuff.PACKET_OTHERHOST
                        || skb.pktType == SkBuff.PACKET_LOOPBACK;
        InDevice in = InDevice.of(dev);
        if (notForUs || in == null) {
            skb.drop(DropReason.OTHERHOST);
            return;
        }
        if (!skb.mayPull(HEADER_BYTES)) {
            skb.drop(DropReason.HDR_TRUNC);
            return;
        }
        if (checkHeader(skb.buf, skb.data, skb.len) < 0) {
            skb.drop(DropReason.INVALID_PROTO);
            return;
        }
        process(skb, dev, in);
        skb.consume();
    }

    @Kernel("arp_process")
    private static void process(SkBuff skb, NetDevice dev, InDevice in) {
        byte[] b = skb.buf;
        int at = skb.data;
        int op = op(b, at);
        int sip = sip(b, at);
        int tip = tip(b, at);
        if ((op != OP_REQUEST && op != OP_REPLY) || bogus(in, sip, tip)) {
            return;
        }
        if (sip == 0) {
            // Somebody looks whether the address is in use (RFC 5227 section 2.1.1).
            if (op == OP_REQUEST && isOurs(dev, tip) && !ignores(in, sip, tip)) {
                answer(skb, dev, 0, tip);
            }
            return;
        }
        if (op == OP_REQUEST && validSender(dev, sip) && request(skb, dev, in, sip, tip)) {
            return;
        }
        learn(skb, dev, in, op);
    }

    private static boolean bogus(InDevice in, int sip, int tip) {
        boolean loopback = In4Addr.isLoopback(tip) && !in.conf.on(ConfSysctls.ROUTE_LOCALNET);
        return In4Addr.isMulticast(tip)
                || loopback
                || (sip == tip && in.conf.on(ConfSysctls.DROP_GRATUITOUS_ARP));
    }

    private static boolean isOurs(NetDevice dev, int addr) {
        return InetAddrType.of(dev.net, addr, 0) == Rtn.LOCAL;
    }

    private static boolean validSender(NetDevice dev, int sip) {
        return !In4Addr.isLoopback(sip) && InetAddrType.of(dev.net, sip, 0) == Rtn.UNICAST;
    }

    /// A question: answered if it is for an address of ours, or for one that we stand in for. False if
    /// it is none of our affair.
    private static boolean request(SkBuff skb, NetDevice dev, InDevice in, int sip, int tip) {
        boolean ours = isOurs(dev, tip);
        if (ours && (ignores(in, sip, tip) || filters(in, sip))) {
            return true;
        }
        if (!ours && !proxies(in, dev, tip)) {
            return false;
        }
        NeighTable table = NeighTables.OF.of(dev.net).arp();
        long lladdr = sha(skb.buf, skb.data);
        if (table != null && table.eventNs(dev, lladdr, 0, In6Addr.mapV4(sip)) != null) {
            answer(skb, dev, sip, tip);
        }
        return true;
    }

    private static void answer(SkBuff skb, NetDevice dev, int sip, int tip) {
        long asker = sha(skb.buf, skb.data);
        send(dev, OP_REPLY, asker, sip, tip, asker);
    }

    /// Whether `arp_ignore` forbids an answer.
    @Kernel("arp_ignore")
    private static boolean ignores(InDevice in, int sip, int tip) {
        return switch (in.conf.effective(ConfSysctls.ARP_IGNORE)) {
            case 1 -> !confirms(in, 0, tip);
            case 2 -> !confirms(in, sip, tip);
            case 3 -> In4Addr.isLoopback(tip) || !hasAnywhere(in, tip);
            case 8 -> true;
            default -> false;
        };
    }

    /// True if the device itself has the address, and with `sip` in one network with the asker.
    @Kernel("inet_confirm_addr")
    private static boolean confirms(InDevice in, int sip, int tip) {
        for (InDevice.IfAddr ifa : in.addrs) {
            if (ifa.local() == tip && (sip == 0 || ifa.matches(sip))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasAnywhere(InDevice in, int tip) {
        for (NetDevice dev : in.dev.net.devices.all()) {
            InDevice other = InDevice.of(dev);
            if (other != null && confirms(other, 0, tip)) {
                return true;
            }
        }
        return false;
    }

    /// With `arp_filter` only the device answers over which the asker is reached.
    @Kernel("arp_filter")
    private static boolean filters(InDevice in, int sip) {
        if (!in.conf.on(ConfSysctls.ARP_FILTER)) {
            return false;
        }
        FibInfo back = FibTable.OF.of(in.dev.net).lookup(sip, 0);
        return back == null || back.dev != in.dev;
    }

    /// A router stands in for hosts behind its other devices where `proxy_arp` says so.
    @Kernel("arp_fwd_proxy")
    private static boolean proxies(InDevice in, NetDevice dev, int tip) {
        if (in.conf.get(ConfSysctls.FORWARDING) == 0 || !in.conf.on(ConfSysctls.PROXY_ARP)) {
            return false;
        }
        FibInfo way = FibTable.OF.of(dev.net).lookup(tip, 0);
        return way != null && way.type == Rtn.UNICAST && way.dev != dev;
    }

    /// What the message says of its sender, if we know him already or `arp_accept` makes us.
    private static void learn(SkBuff skb, NetDevice dev, InDevice in, int op) {
        byte[] b = skb.buf;
        int at = skb.data;
        int sip = sip(b, at);
        NeighTable table = NeighTables.OF.of(dev.net).arp();
        if (table == null) {
            return;
        }
        long key = In6Addr.mapV4(sip);
        Neighbour n = table.lookup(dev, 0, key);
        boolean announcement = isAnnouncement(skb, dev, op);
        boolean unasked = announcement || (op == OP_REPLY && validSender(dev, sip));
        if (n == null && unasked && accepts(in, sip)) {
            n = table.lookupOrCreate(dev, 0, key);
        }
        if (n == null) {
            return;
        }
        long locktime = in.neigh.get(NeighSysctls.IPV4.locktime);
        boolean override = announcement || dev.net.clock.jiffies() > n.updated() + locktime;
        boolean answer = op == OP_REPLY && skb.pktType == SkBuff.PACKET_HOST;
        n.update(
                sha(b, at),
                answer ? Nud.REACHABLE : Nud.STALE,
                override ? Neighbour.UPDATE_OVERRIDE : 0);
    }

    /// A host announces its own address (gratuitous ARP).
    @Kernel("arp_is_garp")
    private static boolean isAnnouncement(SkBuff skb, NetDevice dev, int op) {
        byte[] b = skb.buf;
        int at = skb.data;
        return sip(b, at) == tip(b, at)
                && (op == OP_REQUEST || tha(b, at) == sha(b, at))
                && InetAddrType.of(dev.net, sip(b, at), 0) == Rtn.UNICAST;
    }

    @Kernel("arp_accept")
    private static boolean accepts(InDevice in, int sip) {
        return switch (in.conf.effective(ConfSysctls.ARP_ACCEPT)) {
            case 1 -> true;
            case 2 -> in.addrs.stream().anyMatch(ifa -> ifa.matches(sip));
            default -> false;
        };
    }
}
