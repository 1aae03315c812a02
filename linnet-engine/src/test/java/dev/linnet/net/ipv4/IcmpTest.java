package dev.linnet.net.ipv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mib.IcmpMib;
import dev.linnet.kernel.mib.IpMib;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.core.sock.MsgHdr;
import dev.linnet.net.core.sock.NetProtocol;
import dev.linnet.net.core.sock.NetProtocols;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockExtendedErr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Udp;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ICMP's limits, and what becomes of errors that come for this host's datagrams.
class IcmpTest {
    private static final int US = In4Addr.of(10, 0, 0, 1);
    private static final int PEER = In4Addr.of(10, 0, 0, 2);
    private static final int ROUTER = In4Addr.of(10, 0, 0, 254);

    private final Ipv4Lab lab = new Ipv4Lab(1);
    private NetNamespace net;
    private Ipv4Lab.Tun tun;
    private InetSock sk;

    /// Stands in for UDP: every error is for the one socket.
    private final NetProtocol udp =
            new NetProtocol() {
                @Override
                public void rcv(SkBuff skb) {
                    skb.consume();
                }

                @Override
                public void err(SkBuff skb, NetDevice dev, int type, int code, int info) {
                    IpError.datagramError(sk, skb, type, code, info, true);
                }
            };

    @BeforeEach
    void setUp() {
        net = lab.host("host");
        tun = new Ipv4Lab.Tun(net, "tun0", "10.0.0.1/24", 1500, NetDevice.F_SG);
        sk = TestSock.datagram(net, SocketType.SOCK_DGRAM, IpProto.IPPROTO_UDP);
        NetProtocols.add(net, IpProto.IPPROTO_UDP, udp, null);
    }

    @AfterEach
    void nothingIsLeft() {
        IpError.purge(sk);
        lab.close();
    }

    private static byte[] packet(int proto, int saddr, int daddr, byte[] payload) {
        byte[] p = new byte[20 + payload.length];
        Ipv4.put(p, 0, 0, p.length, 7, 0, 64, proto, saddr, daddr);
        Ipv4.sendCheck(p, 0);
        System.arraycopy(payload, 0, p, 20, payload.length);
        return p;
    }

    /// An ICMP error from a router about a UDP datagram of ours to port 53 with `data`.
    private static byte[] error(int type, int code, int un, byte[] data) {
        byte[] datagram = new byte[8 + data.length];
        Udp.put(datagram, 0, 1000, 53, datagram.length);
        System.arraycopy(data, 0, datagram, 8, data.length);
        byte[] quoted = packet(IpProto.IPPROTO_UDP, US, PEER, datagram);
        byte[] m = new byte[8 + quoted.length];
        Icmp.put(m, 0, type, code, un);
        System.arraycopy(quoted, 0, m, 8, quoted.length);
        Icmp.sendCheck(m, 0, m.length);
        return packet(IpProto.IPPROTO_ICMP, ROUTER, US, m);
    }

    // ---- limits
    // --------------------------------------------------------------------------------------

    private void provoke(int from) {
        tun.inject(packet(200, from, US, new byte[10]));
    }

    @Test
    void sixErrorsAtOnceToOneHostThenOneASecond() {
        for (int i = 0; i < 20; i++) {
            provoke(PEER);
        }
        assertThat(tun.take()).hasSize(6);
        assertThat(net.mib.get(IcmpMib.RATELIMITHOST)).isEqualTo(14);
        for (int i = 0; i < 5; i++) {
            lab.sleep(1000);
            provoke(PEER);
            provoke(PEER);
            assertThat(tun.take()).hasSize(1);
        }
        provoke(In4Addr.of(10, 0, 0, 3));
        assertThat(tun.take()).as("another host").hasSize(1);
    }

    @Test
    void allHostsTogetherGetAboutFiftyAtOnce() {
        for (int i = 0; i < 200; i++) {
            provoke(In4Addr.of(10, 0, 0, 3 + i));
        }
        int sent = tun.take().size();
        // Each costs 0 to 2 of a credit of 50, so that nobody can count by it.
        assertThat(sent).isBetween(35, 75);
        assertThat(net.mib.get(IcmpMib.RATELIMITGLOBAL)).isEqualTo(200 - sent);
    }

    @Test
    void answersAndPathMtuMessagesAreNotLimited() {
        byte[] echo = new byte[8];
        Icmp.put(echo, 0, Icmp.ECHO, 0, 1);
        Icmp.sendCheck(echo, 0, 8);
        for (int i = 0; i < 300; i++) {
            tun.inject(packet(IpProto.IPPROTO_ICMP, PEER, US, echo));
        }
        assertThat(tun.take()).hasSize(300);
    }

    @Test
    void countersPerType() {
        provoke(PEER);
        assertThat(net.mib.icmpMsg().sent(Icmp.DEST_UNREACH)).isEqualTo(1);
        assertThat(net.mib.get(IcmpMib.OUTMSGS)).isEqualTo(1);
        tun.inject(error(Icmp.TIME_EXCEEDED, 0, 0, new byte[0]));
        assertThat(net.mib.icmpMsg().received(Icmp.TIME_EXCEEDED)).isEqualTo(1);
        assertThat(net.mib.get(IcmpMib.INMSGS)).isEqualTo(1);
        assertThat(net.mib.get(IcmpMib.INERRORS)).isZero();
        tun.inject(packet(IpProto.IPPROTO_ICMP, ROUTER, US, new byte[] {3, 1, 0, 0}));
        assertThat(net.mib.get(IcmpMib.INERRORS)).isEqualTo(1);
        assertThat(net.mib.get(IcmpMib.CSUMERRORS)).isEqualTo(1);
    }

    // ---- errors for sockets
    // ----------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        // type, code, errno with IP_RECVERR, errno of a connected socket without
        "3, 0, ENETUNREACH, 0",
        "3, 1, EHOSTUNREACH, 0",
        "3, 2, ENOPROTOOPT, ENOPROTOOPT",
        "3, 3, ECONNREFUSED, ECONNREFUSED",
        "3, 4, EMSGSIZE, EMSGSIZE",
        "3, 5, EOPNOTSUPP, 0",
        "3, 6, ENETUNREACH, ENETUNREACH",
        "3, 7, EHOSTDOWN, EHOSTDOWN",
        "3, 8, ENONET, ENONET",
        "3, 9, ENETUNREACH, ENETUNREACH",
        "3, 10, EHOSTUNREACH, EHOSTUNREACH",
        "3, 11, ENETUNREACH, 0",
        "3, 12, EHOSTUNREACH, 0",
        "3, 13, EHOSTUNREACH, EHOSTUNREACH",
        "3, 14, EHOSTUNREACH, EHOSTUNREACH",
        "3, 15, EHOSTUNREACH, EHOSTUNREACH",
        "3, 16, 0, 0",
        "4, 0, 0, 0",
        "5, 1, 0, 0",
        "11, 0, EHOSTUNREACH, 0",
        "11, 1, EHOSTUNREACH, 0",
        "12, 0, EPROTO, EPROTO",
    })
    void whatAnErrorMeans(int type, int code, String withRecverr, String without) {
        tun.inject(error(type, code, 1400, new byte[4]));
        assertThat(sk.err).isEqualTo(number(without));
        sk.err = 0;
        sk.recverr = true;
        tun.inject(error(type, code, 1400, new byte[4]));
        assertThat(sk.err).isEqualTo(number(withRecverr));
    }

    private static int number(String errno) {
        return errno.equals("0") ? 0 : Errno.parse(errno);
    }

    @Test
    void theErrorQueueTellsWhatWhereAndByWhom() {
        sk.recverr = true;
        sk.cmsgFlags = IpCmsg.TTL;
        byte[] data = {1, 2, 3, 4, 5};
        tun.inject(error(Icmp.DEST_UNREACH, Icmp.PORT_UNREACH, 0, data));
        MsgHdr msg = new MsgHdr();
        ByteBuffer buffer = ByteBuffer.wrap(new byte[100]);
        msg.iter.set(buffer);
        msg.control = new byte[200];
        assertThat(IpError.recvError(sk, msg)).isEqualTo(5);
        assertThat(Arrays.copyOf(buffer.array(), 5)).isEqualTo(data);
        assertThat(msg.flags & Msg.MSG_ERRQUEUE).isNotZero();
        assertThat(msg.name).isEqualTo(new SockAddrIn(53, PEER));
        byte[] c = msg.control;
        int ttl = 0;
        assertThat(CmsgHdr.type(c, ttl)).isEqualTo(IpOpt.IP_TTL);
        int at = CmsgHdr.next(c, ttl, msg.controlLen);
        assertThat(CmsgHdr.level(c, at)).isEqualTo(Sol.SOL_IP);
        assertThat(CmsgHdr.type(c, at)).isEqualTo(IpOpt.IP_RECVERR);
        assertThat(CmsgHdr.dataLen(c, at)).isEqualTo(32);
        SockExtendedErr ee = SockExtendedErr.decode(c, at + CmsgHdr.SIZE);
        assertThat(ee)
                .isEqualTo(
                        new SockExtendedErr(
                                Errno.ECONNREFUSED,
                                SockExtendedErr.SO_EE_ORIGIN_ICMP,
                                Icmp.DEST_UNREACH,
                                Icmp.PORT_UNREACH,
                                0,
                                0));
        byte[] offender = new byte[SockAddrIn.SIZE];
        new SockAddrIn(0, ROUTER).encode(offender, 0);
        int start = at + CmsgHdr.SIZE + SockExtendedErr.SIZE;
        assertThat(Arrays.copyOfRange(c, start, start + SockAddrIn.SIZE)).isEqualTo(offender);
        assertThat(IpError.recvError(sk, msg)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void anErrorOfOurOwn() {
        IpError.localError(sk, Errno.EMSGSIZE, PEER, 53, 1400);
        MsgHdr msg = new MsgHdr();
        msg.control = new byte[200];
        assertThat(IpError.recvError(sk, msg)).as("not asked for").isEqualTo(-Errno.EAGAIN);
        sk.recverr = true;
        IpError.localError(sk, Errno.EMSGSIZE, PEER, 53, 1400);
        assertThat(IpError.recvError(sk, msg)).isZero();
        SockExtendedErr ee = SockExtendedErr.decode(msg.control, CmsgHdr.SIZE);
        assertThat(ee.origin()).isEqualTo(SockExtendedErr.SO_EE_ORIGIN_LOCAL);
        assertThat(ee.info()).isEqualTo(1400);
        assertThat(msg.name).isEqualTo(new SockAddrIn(53, PEER));
    }

    @Test
    void switchingRecverrOffEmptiesTheQueue() {
        sk.recverr = true;
        tun.inject(error(Icmp.DEST_UNREACH, Icmp.PORT_UNREACH, 0, new byte[3]));
        assertThat(IpSockglue.setsockopt(sk, IpOpt.IP_RECVERR, new byte[4])).isZero();
        assertThat(IpError.recvError(sk, new MsgHdr())).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void extensionsAreFoundAndChecked() {
        sk.recverr = true;
        sk.recverrRfc4884 = true;
        byte[] data = new byte[100 + 12];
        data[100] = 0x20; // version 2 at byte 128 of the quoted packet
        data[100 + 5] = 8; // one object of eight bytes
        tun.inject(error(Icmp.DEST_UNREACH, Icmp.PORT_UNREACH, 32 << 16, data));
        assertThat(extension()).isEqualTo(100);
        data[100 + 5] = 9;
        tun.inject(error(Icmp.DEST_UNREACH, Icmp.PORT_UNREACH, 32 << 16, data));
        assertThat(extension()).isEqualTo(100 | 1 << 16);
        tun.inject(error(Icmp.DEST_UNREACH, Icmp.PORT_UNREACH, 31 << 16, data));
        assertThat(extension()).as("less than 128 bytes").isZero();
    }

    private int extension() {
        MsgHdr msg = new MsgHdr();
        msg.iter.set(ByteBuffer.wrap(new byte[500]));
        msg.control = new byte[100];
        assertThat(IpError.recvError(sk, msg)).isPositive();
        return SockExtendedErr.decode(msg.control, CmsgHdr.SIZE).data();
    }

    // ---- path MTU
    // ------------------------------------------------------------------------------------

    private int mtu() {
        return RouteOutput.lookupSimple(net, PEER).mtu();
    }

    @ParameterizedTest
    @CsvSource({"1400, 1400", "552, 552", "551, 552", "0, 552", "1500, 1500", "9000, 1500"})
    void pathMtuIsLearnt(int told, int mtu) {
        tun.inject(error(Icmp.DEST_UNREACH, Icmp.FRAG_NEEDED, told, new byte[4]));
        assertThat(mtu()).isEqualTo(mtu);
        lab.sleep(600_001);
        assertThat(mtu()).as("ten minutes later").isEqualTo(1500);
    }

    @Test
    void aSocketMayRefuseToLearn() {
        for (int mode : new int[] {IpOpt.IP_PMTUDISC_INTERFACE, IpOpt.IP_PMTUDISC_OMIT}) {
            sk.pmtudisc = mode;
            tun.inject(error(Icmp.DEST_UNREACH, Icmp.FRAG_NEEDED, 1000, new byte[4]));
            assertThat(mtu()).isEqualTo(1500);
        }
    }

    // ---- reassembly's end
    // ----------------------------------------------------------------------------

    private static byte[] fragment(int id, int offset, int bytes, boolean more) {
        byte[] p = packet(200, PEER, US, new byte[bytes]);
        Ipv4.id(p, 0, id);
        Ipv4.fragOff(p, 0, offset >> 3 | (more ? Ipv4.MF : 0));
        Ipv4.sendCheck(p, 0);
        return p;
    }

    @Test
    void fragmentsThatDoNotCompleteTimeOut() {
        tun.inject(fragment(1, 0, 800, true));
        tun.inject(fragment(2, 800, 800, false));
        lab.sleep(29_990);
        assertThat(tun.take()).isEmpty();
        lab.sleep(20);
        byte[] sent = tun.take().get(0);
        assertThat(Icmp.type(sent, 20)).isEqualTo(Icmp.TIME_EXCEEDED);
        assertThat(Icmp.code(sent, 20)).isEqualTo(Icmp.EXC_FRAGTIME);
        assertThat(Ipv4.id(sent, 28)).as("only of the one whose start came").isEqualTo(1);
        assertThat(net.mib.get(IpMib.REASMTIMEOUT)).isEqualTo(2);
        assertThat(net.mib.get(IpMib.REASMFAILS)).isEqualTo(2);
        assertThat(IpDefrag.frags(net).memory()).isZero();
    }

    @Test
    void fragmentsTakeNoMoreMemoryThanTheyMay() {
        lab.sysctl(net, "net.ipv4.ipfrag_low_thresh", "50000");
        lab.sysctl(net, "net.ipv4.ipfrag_high_thresh", "60000");
        for (int i = 0; i < 100; i++) {
            tun.inject(fragment(i, 0, 800, true));
        }
        assertThat(IpDefrag.frags(net).memory()).isBetween(57_000L, 64_000L);
        assertThat(net.mib.get(IpMib.REASMFAILS)).isPositive();
        lab.sleep(31_000);
        assertThat(IpDefrag.frags(net).memory()).isZero();
        assertThat(IpDefrag.frags(net).inUse()).isZero();
    }

    @Test
    void aFragmentWithTooManyOthersInBetweenBeginsAnew() {
        tun.inject(fragment(1, 0, 800, true));
        for (int i = 0; i < 70; i++) {
            tun.inject(fragment(1000 + i, 0, 8, true));
        }
        tun.inject(fragment(1, 800, 800, false));
        assertThat(net.mib.get(IpMib.REASMOKS)).isZero();
        tun.inject(fragment(1, 0, 800, true));
        assertThat(net.mib.get(IpMib.REASMOKS)).isEqualTo(1);
    }
}
