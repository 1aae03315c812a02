package dev.linnet.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The lines were compared by hand with those of tcpdump 4.99.3 for the same bytes. They differ
/// only in what the comment of [PacketPrinter] names, and where tcpdump gives up at a broken
/// option.
class PacketPrinterTest {

    private static final String V4_ETHER =
            "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length ";

    private static String ethernet(byte[] frame) {
        return PacketPrinter.ethernet(new StringBuilder(), frame, 0, frame.length).toString();
    }

    private static String ip(byte[] frame) {
        int ip = Ethernet.HEADER_BYTES;
        return PacketPrinter.ipLine(frame, ip, frame.length - ip);
    }

    @Test
    void arp() {
        assertThat(ethernet(LinuxFrames.ARP_REQUEST))
                .isEqualTo(
                        "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42: "
                                + "Request who-has 192.0.2.2 tell 192.0.2.1, length 28");
        assertThat(ethernet(LinuxFrames.ARP_REPLY))
                .isEqualTo(
                        "02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype ARP (0x0806), length 42: "
                                + "Reply 192.0.2.2 is-at 02:00:00:00:00:02, length 28");
    }

    @Test
    void tcpHandshakeAndData() {
        assertThat(ip(LinuxFrames.SYN))
                .isEqualTo(
                        "IP 192.0.2.1.39156 > 192.0.2.2.8080: Flags [SEW], seq 2540818823, win"
                                + " 64240, options [mss 1460,sackOK,TS val 3128838008 ecr 0,nop,wscale"
                                + " 10,tfo cookiereq,nop,nop], length 0");
        assertThat(ip(LinuxFrames.SYN_ACK))
                .isEqualTo(
                        "IP 192.0.2.2.8080 > 192.0.2.1.39156: Flags [S.E], seq 2221173788, "
                                + "ack 2540818824, win 65160, options [mss 1460,sackOK,"
                                + "TS val 3626149082 ecr 3128838008,nop,wscale 10,"
                                + "tfo cookie c2d099fbaf42b9ed,nop,nop], length 0");
        assertThat(ip(LinuxFrames.DATA))
                .isEqualTo(
                        "IP 192.0.2.1.39156 > 192.0.2.2.8080: Flags [P.], "
                                + "seq 2540818824:2540818829, ack 2221173789, win 63, "
                                + "options [nop,nop,TS val 3128838008 ecr 3626149082], length 5");
        assertThat(ip(LinuxFrames.RST))
                .isEqualTo(
                        "IP 192.0.2.2.81 > 192.0.2.1.51984: Flags [R.], seq 0, ack 2478952580, win"
                                + " 0, length 0");
        assertThat(ip(LinuxFrames.SYN6))
                .isEqualTo(
                        "IP6 2001:db8::1.33754 > 2001:db8::2.8080: Flags [SEW], seq 730957744, "
                                + "win 64800, options [mss 1440,sackOK,TS val 4290416316 ecr 0,nop,"
                                + "wscale 10,tfo cookiereq,nop,nop], length 0");
    }

    @Test
    void udpAndItsErrors() {
        assertThat(ethernet(LinuxFrames.UDP))
                .isEqualTo(V4_ETHER + "45: 192.0.2.1.58526 > 192.0.2.2.9: UDP, length 3");
        assertThat(ip(LinuxFrames.PORT_UNREACHABLE))
                .isEqualTo(
                        "IP 192.0.2.2 > 192.0.2.1: ICMP 192.0.2.2 udp port 9 unreachable, length"
                                + " 39");
        assertThat(ip(LinuxFrames.PORT_UNREACHABLE6))
                .isEqualTo(
                        "IP6 2001:db8::2 > 2001:db8::1: ICMP6, destination unreachable, "
                                + "unreachable port, 2001:db8::2 udp port 9, length 59");
    }

    @Test
    void pings() {
        assertThat(ip(LinuxFrames.PING_REQUEST))
                .isEqualTo("IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id 7, seq 1, length 24");
        assertThat(ip(LinuxFrames.PING6_REQUEST))
                .isEqualTo(
                        "IP6 2001:db8::1 > 2001:db8::2: ICMP6, echo request, id 7, seq 1, length"
                                + " 24");
    }

    @Test
    void neighbourDiscovery() {
        assertThat(ip(LinuxFrames.NEIGHBOUR_SOLICITATION))
                .isEqualTo(
                        "IP6 2001:db8::1 > ff02::1:ff00:2: ICMP6, neighbor solicitation, "
                                + "who has 2001:db8::2, length 32");
        assertThat(ip(LinuxFrames.NEIGHBOUR_ADVERTISEMENT))
                .isEqualTo(
                        "IP6 2001:db8::2 > 2001:db8::1: ICMP6, neighbor advertisement, "
                                + "tgt is 2001:db8::2, length 32");
        assertThat(ip(LinuxFrames.ROUTER_SOLICITATION))
                .isEqualTo("IP6 fe80::ff:fe00:1 > ff02::2: ICMP6, router solicitation, length 16");
        assertThat(ip(LinuxFrames.MLD2_REPORT))
                .isEqualTo(
                        "IP6 :: > ff02::16: HBH ICMP6, multicast listener report v2, "
                                + "1 group record(s), length 28");
    }

    /// A TCP packet from 192.0.2.1:1 to 192.0.2.2:2 with these options and no data.
    private static byte[] tcp(int flags, String options) {
        byte[] bytes = HexFormat.of().parseHex(options.replace(" ", ""));
        int headerBytes = Tcp.HEADER_BYTES + bytes.length;
        byte[] b = new byte[Ipv4.HEADER_BYTES + headerBytes];
        Ipv4.put(b, 0, 0, b.length, 0, 0, 64, IpProto.TCP, 0xc0000201, 0xc0000202);
        Tcp.put(b, Ipv4.HEADER_BYTES, 1, 2, -1, -2, headerBytes, flags, 3);
        System.arraycopy(bytes, 0, b, 2 * 20, bytes.length);
        return b;
    }

    private static String tcpLine(int flags, String options) {
        byte[] b = tcp(flags, options);
        String line = PacketPrinter.ipLine(b, 0, b.length);
        assertThat(line).startsWith("IP 192.0.2.1.1 > 192.0.2.2.2: Flags [");
        return line.substring(line.indexOf("Flags"));
    }

    @Test
    void everyTcpFlagHasItsLetter() {
        assertThat(tcpLine(Tcp.FLAGS_MASK, ""))
                .isEqualTo(
                        "Flags [FSRP.UEWe], seq 4294967295, ack 4294967294, win 3, urg 0, length"
                                + " 0");
        assertThat(tcpLine(0, "")).isEqualTo("Flags [none], win 3, length 0");
    }

    private static String options(String options) {
        String line = tcpLine(0, options);
        return line.substring(line.indexOf("options [") + 9, line.lastIndexOf("], length 0"));
    }

    @Test
    void everyTcpOptionHasItsText() {
        assertThat(options("0101 0512 00000001 00000002 fffffffe ffffffff"))
                .isEqualTo("nop,nop,sack 2 {1:2}{4294967294:4294967295}");
        assertThat(options("1312 000102030405060708090a0b0c0d0e0f 0101"))
                .isEqualTo("md5 000102030405060708090a0b0c0d0e0f,nop,nop");
        assertThat(options("1d08 0a0b deadbeef"))
                .isEqualTo("tcp-ao keyid 10 rnextkeyid 11 mac 0xdeadbeef");
        assertThat(options("fe08 f989 01020304 fe04 f989"))
                .isEqualTo("exp-tfo cookie 01020304,exp-tfo cookiereq");
        assertThat(options("ac0b 000001 000002 000003 01"))
                .isEqualTo("accecn e0b 1 ceb 2 e1b 3,nop");
        assertThat(options("ae08 000001 000002")).isEqualTo("accecn e1b 1 ceb 2");
        assertThat(options("fe06 e2d4c3d9 c802")).isEqualTo("unknown-254 0xe2d4c3d9,unknown-200");
    }

    @Test
    void brokenTcpOptionsAreShown() {
        assertThat(options("0101 0000")).isEqualTo("nop,nop,eol");
        assertThat(options("0000 0000")).isEqualTo("eol");
        assertThat(options("01 0204 05")).isEqualTo("nop,[bad opt]");
        assertThat(options("0301 0000")).isEqualTo("[bad opt]");
        assertThat(options("0203 0501")).isEqualTo("[bad length of opt-2],nop");
    }

    @Test
    void headersThatContradictThemselvesAreNamed() {
        byte[] b = tcp(Tcp.ACK, "");
        Tcp.headerBytes(b, 20, 16);
        assertThat(PacketPrinter.ipLine(b, 0, b.length))
                .isEqualTo("IP 192.0.2.1.1 > 192.0.2.2.2: [tcp: bad header length]");
        Tcp.headerBytes(b, 20, 24);
        assertThat(PacketPrinter.ipLine(b, 0, b.length)).endsWith("[tcp: bad header length]");
        Ipv4.headerBytes(b, 0, 16);
        assertThat(PacketPrinter.ipLine(b, 0, b.length)).isEqualTo("IP [ip: bad header length]");
        b[0] = 0x75;
        assertThat(PacketPrinter.ipLine(b, 0, b.length)).isEqualTo("unknown ip 7, length 40");
        assertThat(PacketPrinter.ipLine(b, 0, 0)).isEqualTo("[|ip]");
    }

    @Test
    void cutPacketsShowWhatIsThere() {
        byte[] b = LinuxFrames.SYN;
        int ip = Ethernet.HEADER_BYTES;
        assertThat(PacketPrinter.ipLine(b, ip, 10)).isEqualTo("IP [|ip]");
        assertThat(PacketPrinter.ipLine(b, ip, 30))
                .isEqualTo(
                        "IP truncated-ip - 34 bytes missing! 192.0.2.1.39156 > 192.0.2.2.8080:"
                                + " [|tcp]");
        assertThat(PacketPrinter.ipLine(b, ip, 44))
                .endsWith(
                        "Flags [SEW], seq 2540818823, win 64240, options [mss 1460[|tcp]], length"
                                + " 0");
    }

    @Test
    void paddingBehindAPacketIsNotReadAsPartOfIt() {
        byte[] b = new byte[46];
        Ipv4.put(b, 0, 0, 24, 0, 0, 64, IpProto.UDP, 0xc0000201, 0xc0000202);
        Udp.put(b, 20, 1, 2, 8);
        assertThat(PacketPrinter.ipLine(b, 0, b.length))
                .isEqualTo("IP 192.0.2.1.1 > 192.0.2.2.2: [|udp]");
        byte[] v6 = new byte[60];
        Ipv6.put(v6, 0, 0, 0, 7, IpProto.ICMPV6, 64, 0, 1, 0, 2);
        assertThat(PacketPrinter.ipLine(v6, 0, v6.length)).isEqualTo("IP6 ::1 > ::2: [|icmp6]");
    }

    @Test
    void fragmentsShowTheirPlace() {
        byte[] b = new byte[60];
        Ipv4.put(b, 0, 0, 60, 7, Ipv4.MF, 64, IpProto.UDP, 0xc0000201, 0xc0000202);
        Udp.put(b, 20, 4000, 5000, 108);
        assertThat(PacketPrinter.ipLine(b, 0, 60))
                .isEqualTo("IP 192.0.2.1.4000 > 192.0.2.2.5000: frag (0|40) UDP, length 100");
        Ipv4.fragOff(b, 0, 5);
        assertThat(PacketPrinter.ipLine(b, 0, 60))
                .isEqualTo("IP 192.0.2.1 > 192.0.2.2: frag (40|40) udp");

        byte[] v6 = new byte[40 + 8 + 8 + 16];
        Ipv6.put(v6, 0, 0, 0, 32, Ipv6Ext.HOP_BY_HOP, 64, 0, 1, 0, 2);
        Ipv6Ext.nexthdr(v6, 40, Ipv6Ext.FRAGMENT);
        Ipv6Ext.putFragment(v6, 48, IpProto.UDP, 0, true, 9);
        Udp.put(v6, 56, 4000, 5000, 108);
        assertThat(PacketPrinter.ipLine(v6, 0, v6.length))
                .isEqualTo("IP6 ::1.4000 > ::2.5000: HBH frag (0|16) UDP, length 100");
        Ipv6Ext.putFragment(v6, 48, IpProto.UDP, 16, false, 9);
        assertThat(PacketPrinter.ipLine(v6, 0, v6.length))
                .isEqualTo("IP6 ::1 > ::2: HBH frag (16|16) udp");
    }

    private static String icmp(int type, int code, int un) {
        byte[] udp = LinuxFrames.UDP;
        int quoted = udp.length - Ethernet.HEADER_BYTES;
        byte[] b = new byte[28 + quoted];
        Ipv4.put(b, 0, 0, b.length, 0, 0, 64, IpProto.ICMP, 0xc0000203, 0xc0000201);
        Icmp.put(b, 20, type, code, un);
        System.arraycopy(udp, Ethernet.HEADER_BYTES, b, 28, quoted);
        String line = PacketPrinter.ipLine(b, 0, b.length);
        String prefix = "IP 192.0.2.3 > 192.0.2.1: ICMP ";
        assertThat(line).startsWith(prefix).endsWith(", length 39");
        return line.substring(prefix.length(), line.length() - ", length 39".length());
    }

    @Test
    void icmpMessages() {
        assertThat(icmp(3, 0, 0)).isEqualTo("net 192.0.2.2 unreachable");
        assertThat(icmp(3, 1, 0)).isEqualTo("host 192.0.2.2 unreachable");
        assertThat(icmp(3, 2, 0)).isEqualTo("192.0.2.2 protocol 17 unreachable");
        assertThat(icmp(3, 4, 1400)).isEqualTo("192.0.2.2 unreachable - need to frag (mtu 1400)");
        assertThat(icmp(3, 4, 0)).isEqualTo("192.0.2.2 unreachable - need to frag");
        assertThat(icmp(3, 5, 0)).isEqualTo("192.0.2.2 unreachable - source route failed");
        assertThat(icmp(3, 13, 0))
                .isEqualTo("host 192.0.2.2 unreachable - admin prohibited filter");
        assertThat(icmp(5, 1, 0xc00002fe)).isEqualTo("redirect 192.0.2.2 to host 192.0.2.254");
        assertThat(icmp(11, 0, 0)).isEqualTo("time exceeded in-transit");
        assertThat(icmp(11, 1, 0)).isEqualTo("ip reassembly time exceeded");
        assertThat(icmp(12, 0, 20 << 24)).isEqualTo("parameter problem - octet 20");
        assertThat(icmp(13, 0, 5 << 16 | 6)).isEqualTo("time stamp query id 5 seq 6");
        assertThat(icmp(99, 0, 0)).isEqualTo("type-#99");
    }

    private static String icmp6(int type, int code, int dataun, int length) {
        byte[] udp = LinuxFrames.UDP6;
        byte[] b = new byte[40 + length];
        Ipv6.put(b, 0, 0, 0, length, IpProto.ICMPV6, 64, 0, 3, 0, 1);
        Icmpv6.put(b, 40, type, code, dataun);
        System.arraycopy(udp, Ethernet.HEADER_BYTES, b, 48, length - 8);
        String line = PacketPrinter.ipLine(b, 0, b.length);
        String prefix = "IP6 ::3 > ::1: ICMP6, ";
        String suffix = ", length " + length;
        assertThat(line).startsWith(prefix).endsWith(suffix);
        return line.substring(prefix.length(), line.length() - suffix.length());
    }

    @Test
    void icmp6Messages() {
        assertThat(icmp6(1, 0, 0, 59))
                .isEqualTo("destination unreachable, unreachable route 2001:db8::2");
        assertThat(icmp6(1, 1, 0, 59))
                .isEqualTo("destination unreachable, unreachable prohibited 2001:db8::2");
        assertThat(icmp6(1, 3, 0, 59))
                .isEqualTo("destination unreachable, unreachable address 2001:db8::2");
        assertThat(icmp6(1, 4, 0, 40))
                .isEqualTo("destination unreachable, unreachable port, [|icmp6]");
        assertThat(icmp6(2, 0, 1280, 59)).isEqualTo("packet too big, mtu 1280");
        assertThat(icmp6(3, 0, 0, 59)).isEqualTo("time exceeded in-transit for 2001:db8::2");
        assertThat(icmp6(3, 1, 0, 59)).isEqualTo("time exceeded in-transit (reassembly)");
        assertThat(icmp6(4, 1, 40, 59)).isEqualTo("parameter problem, next header - octet 40");
        assertThat(icmp6(137, 0, 0, 20)).isEqualTo("[|icmp6]");
        assertThat(icmp6(134, 0, 0, 16)).isEqualTo("router advertisement");
        assertThat(icmp6(200, 0, 0, 59)).isEqualTo("unknown icmp6 type (200)");
    }

    @Test
    void otherProtocolsAndLinks() {
        byte[] b = new byte[30];
        Ipv4.put(b, 0, 0, 30, 0, 0, 64, IpProto.GRE, 0xc0000201, 0xc0000202);
        assertThat(PacketPrinter.ipLine(b, 0, 30))
                .isEqualTo("IP 192.0.2.1 > 192.0.2.2: gre, length 10");
        Ipv4.protocol(b, 0, 253);
        assertThat(PacketPrinter.ipLine(b, 0, 30))
                .isEqualTo("IP 192.0.2.1 > 192.0.2.2: ip-proto-253, length 10");
        byte[] v6 = new byte[40];
        Ipv6.put(v6, 0, 0, 0, 0, Ipv6Ext.NONE, 64, 0, 1, 0, 2);
        assertThat(PacketPrinter.ipLine(v6, 0, 40)).isEqualTo("IP6 ::1 > ::2: no next header");
        assertThat(PacketPrinter.append(new StringBuilder(), 113, b, 0, 30).toString())
                .isEqualTo("link-type 113, length 30");
        assertThat(PacketPrinter.append(new StringBuilder(), LinkType.RAW, v6, 0, 40).toString())
                .isEqualTo("IP6 ::1 > ::2: no next header");
        assertThat(
                        PacketPrinter.append(new StringBuilder(), LinkType.ETHERNET, b, 0, 13)
                                .toString())
                .isEqualTo("[|ether]");
    }

    @Test
    void vlanTagsAreLookedThrough() {
        byte[] udp = LinuxFrames.UDP;
        byte[] b = new byte[udp.length + Ethernet.VLAN_BYTES];
        System.arraycopy(udp, 0, b, 0, 12);
        System.arraycopy(udp, 12, b, 16, udp.length - 12);
        Ethernet.proto(b, 0, Ethernet.P_8021Q);
        Bytes.u16(b, 14, 3 << 13 | 42);
        assertThat(ethernet(b))
                .isEqualTo(
                        "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype 802.1Q (0x8100), length"
                                + " 49: vlan 42, p 3, ethertype IPv4 (0x0800), 192.0.2.1.58526 >"
                                + " 192.0.2.2.9: UDP, length 3");
    }
}
