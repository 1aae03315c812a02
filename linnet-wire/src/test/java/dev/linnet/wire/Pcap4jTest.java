package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV4EchoPacket;
import org.pcap4j.packet.IcmpV6NeighborAdvertisementPacket;
import org.pcap4j.packet.IcmpV6RouterAdvertisementPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV4RecordRouteOption;
import org.pcap4j.packet.IpV6ExtFragmentPacket;
import org.pcap4j.packet.IpV6NeighborDiscoveryPrefixInformationOption;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpMaximumSegmentSizeOption;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.TcpSackOption;
import org.pcap4j.packet.TcpSackPermittedOption;
import org.pcap4j.packet.TcpTimestampsOption;
import org.pcap4j.packet.TcpWindowScaleOption;
import org.pcap4j.packet.UdpPacket;

/// What is written here is read by pcap4j, which knows nothing of it, and must come back the same.
class Pcap4jTest {

    private static final int IP = Ethernet.HEADER_BYTES;
    private static final long SOURCE_HI = 0x2001_0db8_0000_0000L;

    private static final Set<Integer> GTP_PORTS = Set.of(2123, 2152, 3386);

    /// A frame with an Ethernet header for `proto` and room for `ipBytes` behind it.
    private static byte[] frame(int proto, int ipBytes) {
        byte[] b = new byte[IP + ipBytes];
        Ethernet.put(b, 0, 0x02_0000_0000_0aL, 0x02_0000_0000_0bL, proto);
        return b;
    }

    private static <T extends Packet> T parse(byte[] frame, Class<T> type)
            throws IllegalRawDataException {
        T packet = EthernetPacket.newPacket(frame, 0, frame.length).get(type);
        assertThat(packet).as("a packet of %s", type).isNotNull();
        return packet;
    }

    private static int asInt(InetAddress addr) {
        return Bytes.u32(addr.getAddress(), 0);
    }

    private static In6Addr asIn6(InetAddress addr) {
        return In6Addr.read(addr.getAddress(), 0);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void ethernetAndArp(@ForAll long sha, @ForAll int sip, @ForAll long tha, @ForAll int tip)
            throws Exception {
        byte[] b = frame(Ethernet.P_ARP, Arp.HEADER_BYTES);
        Arp.put(b, IP, Arp.OP_REPLY, sha, sip, tha, tip);
        EthernetPacket.EthernetHeader ethernet =
                EthernetPacket.newPacket(b, 0, b.length).getHeader();
        assertThat(ethernet.getDstAddr().toString()).isEqualTo("02:00:00:00:00:0a");
        assertThat(ethernet.getSrcAddr().toString()).isEqualTo("02:00:00:00:00:0b");

        ArpPacket.ArpHeader arp = parse(b, ArpPacket.class).getHeader();
        assertThat(arp.getOperation().value()).isEqualTo((short) Arp.OP_REPLY);
        assertThat(arp.getSrcHardwareAddr().toString())
                .isEqualTo(MacAddr.format(sha & MacAddr.BROADCAST));
        assertThat(arp.getDstHardwareAddr().toString())
                .isEqualTo(MacAddr.format(tha & MacAddr.BROADCAST));
        assertThat(asInt(arp.getSrcProtocolAddr())).isEqualTo(sip);
        assertThat(asInt(arp.getDstProtocolAddr())).isEqualTo(tip);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void ipv4WithARouteAndUdp(
            @ForAll @IntRange(max = 255) int tos,
            @ForAll @IntRange(max = 0xffff) int id,
            @ForAll @IntRange(max = 255) int ttl,
            @ForAll int saddr,
            @ForAll int daddr,
            @ForAll @IntRange(max = 0xffff) int source,
            @ForAll @IntRange(max = 0xffff) int dest,
            @ForAll @Size(max = 40) byte[] data)
            throws Exception {
        // The other reader takes what goes to or from these ports for a protocol of its own.
        Assume.that(!GTP_PORTS.contains(source) && !GTP_PORTS.contains(dest));
        int udp = IP + 28;
        int length = Udp.HEADER_BYTES + data.length;
        byte[] b = frame(Ethernet.P_IP, 28 + length);
        Ipv4.put(b, IP, tos, 28 + length, id, Ipv4.DF, ttl, IpProto.UDP, saddr, daddr);
        Ipv4.headerBytes(b, IP, 28);
        int option = TcpOptions.putNops(b, IP + 20, 1);
        Ipv4Options.putRoute(b, option, Ipv4Options.RR, 1);
        Ipv4Options.routeAddr(b, option, 0, ~saddr);
        Ipv4Options.pointer(b, option, 8);
        Ipv4.sendCheck(b, IP);
        Udp.put(b, udp, source, dest, length);
        System.arraycopy(data, 0, b, udp + Udp.HEADER_BYTES, data.length);
        Udp.check(b, udp, Checksum.transportV4(b, udp, length, saddr, daddr, IpProto.UDP));

        IpV4Packet.IpV4Header ip = parse(b, IpV4Packet.class).getHeader();
        assertThat(ip.getTos().value() & 0xff).isEqualTo(tos);
        assertThat(ip.getTotalLengthAsInt()).isEqualTo(28 + length);
        assertThat(ip.getIdentificationAsInt()).isEqualTo(id);
        assertThat(ip.getDontFragmentFlag()).isTrue();
        assertThat(ip.getMoreFragmentFlag()).isFalse();
        assertThat(ip.getFragmentOffset()).isZero();
        assertThat(ip.getTtlAsInt()).isEqualTo(ttl);
        assertThat(asInt(ip.getSrcAddr())).isEqualTo(saddr);
        assertThat(asInt(ip.getDstAddr())).isEqualTo(daddr);
        assertThat(ip.hasValidChecksum(false)).isTrue();
        IpV4RecordRouteOption route = (IpV4RecordRouteOption) ip.getOptions().get(1);
        assertThat(route.getPointerAsInt()).isEqualTo(8);
        assertThat(asInt(route.getRouteData().getFirst())).isEqualTo(~saddr);

        UdpPacket packet = parse(b, UdpPacket.class);
        assertThat(packet.getHeader().getSrcPort().valueAsInt()).isEqualTo(source);
        assertThat(packet.getHeader().getDstPort().valueAsInt()).isEqualTo(dest);
        assertThat(packet.getHeader().getLengthAsInt()).isEqualTo(length);
        assertThat(packet.hasValidChecksum(ip.getSrcAddr(), ip.getDstAddr(), true)).isTrue();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void tcpWithItsOptions(
            @ForAll int seq,
            @ForAll int ackSeq,
            @ForAll @IntRange(max = 0x3f) int flags,
            @ForAll @IntRange(max = 7) int reserved,
            @ForAll @IntRange(max = 0xffff) int window,
            @ForAll @IntRange(max = 0xffff) int urgPtr,
            @ForAll @IntRange(max = 0xffff) int mss,
            @ForAll @IntRange(max = 255) int wscale,
            @ForAll int value)
            throws Exception {
        int tcp = IP + Ipv4.HEADER_BYTES;
        byte[] b = frame(Ethernet.P_IP, 20 + 60);
        Ipv4.put(b, IP, 0, 80, 0, 0, 64, IpProto.TCP, 0x0a000001, 0x0a000002);
        int p = TcpOptions.putMss(b, tcp + 20, mss);
        p = TcpOptions.putSackPerm(b, p);
        p = TcpOptions.putTimestamp(b, p, value, ~value);
        p = TcpOptions.putNops(b, p, 1);
        p = TcpOptions.putWscale(b, p, wscale);
        p = TcpOptions.putNops(b, p, 2);
        p = TcpOptions.putSackHead(b, p, 2);
        p = TcpOptions.putSackBlock(b, p, seq, seq + 1);
        p = TcpOptions.putSackBlock(b, p, ackSeq, ackSeq + 1);
        assertThat(p).isEqualTo(b.length);
        Tcp.put(b, tcp, 1024, 65535, seq, ackSeq, 60, flags, window);
        Tcp.reserved(b, tcp, reserved);
        Tcp.urgPtr(b, tcp, urgPtr);
        Tcp.check(b, tcp, Checksum.transportV4(b, tcp, 60, 0x0a000001, 0x0a000002, IpProto.TCP));

        IpV4Packet.IpV4Header ip = parse(b, IpV4Packet.class).getHeader();
        TcpPacket packet = parse(b, TcpPacket.class);
        TcpPacket.TcpHeader header = packet.getHeader();
        assertThat(header.getSrcPort().valueAsInt()).isEqualTo(1024);
        assertThat(header.getDstPort().valueAsInt()).isEqualTo(65535);
        assertThat(header.getSequenceNumber()).isEqualTo(seq);
        assertThat(header.getAcknowledgmentNumber()).isEqualTo(ackSeq);
        assertThat(header.getDataOffsetAsInt()).isEqualTo(15);
        assertThat(header.getFin()).isEqualTo((flags & Tcp.FIN) != 0);
        assertThat(header.getSyn()).isEqualTo((flags & Tcp.SYN) != 0);
        assertThat(header.getRst()).isEqualTo((flags & Tcp.RST) != 0);
        assertThat(header.getPsh()).isEqualTo((flags & Tcp.PSH) != 0);
        assertThat(header.getAck()).isEqualTo((flags & Tcp.ACK) != 0);
        assertThat(header.getUrg()).isEqualTo((flags & Tcp.URG) != 0);
        // Six reserved bits for pcap4j (RFC 793): ours, then AE, CWR and ECE.
        assertThat(header.getReserved() & 0xff).isEqualTo(reserved << 3);
        assertThat(header.getWindowAsInt()).isEqualTo(window);
        assertThat(header.getUrgentPointerAsInt()).isEqualTo(urgPtr);
        assertThat(packet.hasValidChecksum(ip.getSrcAddr(), ip.getDstAddr(), false)).isTrue();

        List<TcpPacket.TcpOption> options = header.getOptions();
        assertThat(((TcpMaximumSegmentSizeOption) options.get(0)).getMaxSegSizeAsInt())
                .isEqualTo(mss);
        assertThat(options.get(1)).isInstanceOf(TcpSackPermittedOption.class);
        assertThat(((TcpTimestampsOption) options.get(2)).getTsValue()).isEqualTo(value);
        assertThat(((TcpTimestampsOption) options.get(2)).getTsEchoReply()).isEqualTo(~value);
        assertThat(((TcpWindowScaleOption) options.get(4)).getShiftCountAsInt()).isEqualTo(wscale);
        assertThat(options.get(7)).isInstanceOf(TcpSackOption.class);
        assertThat(options.get(7).toString())
                .contains(edges(seq, seq + 1) + " " + edges(ackSeq, ackSeq + 1));
    }

    /// A SACK block as pcap4j prints it; it has no getter for them.
    private static String edges(int left, int right) {
        return "[LE: "
                + Integer.toUnsignedLong(left)
                + " RE: "
                + Integer.toUnsignedLong(right)
                + "]";
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void ipv6WithAFragmentHeader(
            @ForAll @IntRange(max = 255) int trafficClass,
            @ForAll @IntRange(max = 0xf_ffff) int label,
            @ForAll @IntRange(max = 255) int hopLimit,
            @ForAll long saddrLo,
            @ForAll long daddrLo,
            @ForAll @IntRange(max = 0x1fff) int offset8,
            @ForAll int id)
            throws Exception {
        byte[] b = frame(Ethernet.P_IPV6, 40 + 8 + 24);
        Ipv6.put(
                b,
                IP,
                trafficClass,
                label,
                32,
                Ipv6Ext.FRAGMENT,
                hopLimit,
                SOURCE_HI,
                saddrLo,
                -1,
                daddrLo);
        Ipv6Ext.putFragment(b, IP + 40, IpProto.UDP, 8 * offset8, true, id);

        IpV6Packet.IpV6Header ip = parse(b, IpV6Packet.class).getHeader();
        assertThat(ip.getTrafficClass().value() & 0xff).isEqualTo(trafficClass);
        assertThat(ip.getFlowLabel().value()).isEqualTo(label);
        assertThat(ip.getPayloadLengthAsInt()).isEqualTo(32);
        assertThat(ip.getHopLimitAsInt()).isEqualTo(hopLimit);
        assertThat(asIn6(ip.getSrcAddr())).isEqualTo(new In6Addr(SOURCE_HI, saddrLo));
        assertThat(asIn6(ip.getDstAddr())).isEqualTo(new In6Addr(-1, daddrLo));

        var fragment = parse(b, IpV6ExtFragmentPacket.class).getHeader();
        assertThat(fragment.getNextHeader().value() & 0xff).isEqualTo(IpProto.UDP);
        assertThat(fragment.getFragmentOffset() & 0x1fff).isEqualTo(offset8);
        assertThat(fragment.getM()).isTrue();
        assertThat(fragment.getIdentification()).isEqualTo(id);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void icmpEcho(
            @ForAll @IntRange(max = 0xffff) int id, @ForAll @IntRange(max = 0xffff) int sequence)
            throws Exception {
        byte[] b = frame(Ethernet.P_IP, 20 + 8);
        Ipv4.put(b, IP, 0, 28, 0, 0, 64, IpProto.ICMP, 1, 2);
        Icmp.put(b, IP + 20, Icmp.ECHO, 0, id << 16 | sequence);
        Icmp.sendCheck(b, IP + 20, 8);
        assertThat(parse(b, IcmpV4CommonPacket.class).hasValidChecksum(false)).isTrue();
        var echo = parse(b, IcmpV4EchoPacket.class).getHeader();
        assertThat(echo.getIdentifierAsInt()).isEqualTo(id);
        assertThat(echo.getSequenceNumberAsInt()).isEqualTo(sequence);
    }

    /// An ICMPv6 message of `bytes` and room for it in a frame.
    private static byte[] icmp6(int type, int bytes) {
        byte[] b = frame(Ethernet.P_IPV6, 40 + bytes);
        Ipv6.put(b, IP, 0, 0, bytes, IpProto.ICMPV6, 255, SOURCE_HI, 1, SOURCE_HI, 2);
        Icmpv6.put(b, IP + 40, type, 0, 0);
        return b;
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void neighbourAdvertisement(
            @ForAll long targetHi, @ForAll long targetLo, @ForAll @IntRange(max = 7) int flags)
            throws Exception {
        byte[] b = icmp6(Ndisc.NEIGHBOUR_ADVERTISEMENT, 32);
        Ndisc.neighbourFlags(b, IP + 40, flags << 5);
        Ndisc.target(b, IP + 40, targetHi, targetLo);
        Ndisc.putLinkAddr(b, IP + 40 + 24, Ndisc.OPT_TARGET_LL_ADDR, targetLo);
        var header = parse(b, IcmpV6NeighborAdvertisementPacket.class).getHeader();
        assertThat(header.getRouterFlag()).isEqualTo((flags << 5 & Ndisc.NA_ROUTER) != 0);
        assertThat(header.getSolicitedFlag()).isEqualTo((flags << 5 & Ndisc.NA_SOLICITED) != 0);
        assertThat(header.getOverrideFlag()).isEqualTo((flags << 5 & Ndisc.NA_OVERRIDE) != 0);
        assertThat(asIn6(header.getTargetAddress())).isEqualTo(new In6Addr(targetHi, targetLo));
        assertThat(Bytes.u48(header.getOptions().getFirst().getRawData(), 2))
                .isEqualTo(targetLo & MacAddr.BROADCAST);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void routerAdvertisement(
            @ForAll @IntRange(max = 255) int hopLimit,
            @ForAll @IntRange(max = 0xffff) int lifetime,
            @ForAll int reachable,
            @ForAll int retrans,
            @ForAll @IntRange(max = 128) int prefixLen,
            @ForAll int valid,
            @ForAll long prefixHi)
            throws Exception {
        byte[] b = icmp6(Ndisc.ROUTER_ADVERTISEMENT, 48);
        int icmp = IP + 40;
        Ndisc.routerHopLimit(b, icmp, hopLimit);
        Ndisc.routerFlags(b, icmp, Ndisc.RA_OTHER);
        Ndisc.routerLifetimeSec(b, icmp, lifetime);
        Ndisc.reachableTimeMs(b, icmp, reachable);
        Ndisc.retransTimerMs(b, icmp, retrans);
        Ndisc.putPrefixInfo(
                b, icmp + 16, prefixLen, Ndisc.PREFIX_ON_LINK, valid, ~valid, prefixHi, 0);
        var header = parse(b, IcmpV6RouterAdvertisementPacket.class).getHeader();
        assertThat(header.getCurHopLimitAsInt()).isEqualTo(hopLimit);
        assertThat(header.getManagedAddressConfigurationFlag()).isFalse();
        assertThat(header.getOtherConfigurationFlag()).isTrue();
        assertThat(header.getRouterLifetimeAsInt()).isEqualTo(lifetime);
        assertThat(header.getReachableTime()).isEqualTo(reachable);
        assertThat(header.getRetransTimer()).isEqualTo(retrans);
        var prefix = (IpV6NeighborDiscoveryPrefixInformationOption) header.getOptions().getFirst();
        assertThat(prefix.getPrefixLengthAsInt()).isEqualTo(prefixLen);
        assertThat(prefix.getOnLinkFlag()).isTrue();
        assertThat(prefix.getAddressConfigurationFlag()).isFalse();
        assertThat(prefix.getValidLifetime()).isEqualTo(valid);
        assertThat(prefix.getPreferredLifetime()).isEqualTo(~valid);
        assertThat(asIn6(prefix.getPrefix())).isEqualTo(new In6Addr(prefixHi, 0));
    }
}
