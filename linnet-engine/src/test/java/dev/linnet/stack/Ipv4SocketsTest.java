package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockExtendedErr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.UserMsgHdr;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.Icmp;
import dev.linnet.wire.In4Addr;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// IPv4 as programs see it: datagrams over an Ethernet that does nothing for them, errors that come
/// back, control messages, groups.
class Ipv4SocketsTest {
    private static final int A = In4Addr.of(10, 0, 0, 1);
    private static final int B = In4Addr.of(10, 0, 0, 2);
    private static final int GROUP = In4Addr.of(239, 1, 2, 3);
    private static final int DONTWAIT = Msg.MSG_DONTWAIT;

    private final Stack stack = Stack.virtual(1);
    private final Host hostA = stack.newHost("a");
    private final Host hostB = stack.newHost("b");
    private final Task a = hostA.newTask("a");
    private final Task b = hostB.newTask("b");
    private final EtherCable cable = new EtherCable(hostA, hostB, "eth0", 1500);

    @BeforeEach
    void setUp() {
        hostA.addAddress("eth0", "10.0.0.1/24");
        hostB.addAddress("eth0", "10.0.0.2/24");
        stack.sleep(5_000_000_000L);
        cable.frames.clear();
    }

    @AfterEach
    void nothingIsLeft() {
        a.close();
        b.close();
        stack.sleep(100_000_000_000L);
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private int udp(Task task, int port) {
        int fd = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        if (port != 0) {
            assertThat(task.bind(fd, new SockAddrIn(port, 0))).isZero();
        }
        return fd;
    }

    private static ByteBuffer data(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static void option(Task task, int fd, int name, int value) {
        assertThat(task.setsockopt(fd, Sol.SOL_IP, name, value)).isZero();
    }

    // ---- datagrams of every size
    // ---------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1471, 1472, 1473, 2952, 2953, 9000, 65507})
    void datagramsCrossTheEthernet(int length) {
        int in = udp(b, 5000);
        int out = udp(a, 0);
        ByteBuffer sent = data(length);
        assertThat(a.sendto(out, sent, 0, new SockAddrIn(5000, B))).isEqualTo(length);
        ByteBuffer got = ByteBuffer.allocate(70_000);
        assertThat(b.recv(in, got, DONTWAIT)).isEqualTo(length);
        assertThat(got.slice(0, length)).isEqualTo(sent);
        int fragments = length <= 1472 ? 1 : (length + 8 + 1479) / 1480;
        assertThat(cable.frames).as("and two for ARP").hasSize(2 + fragments);
    }

    @Test
    void tooLongADatagramIsRefused() {
        int out = udp(a, 0);
        assertThat(a.sendto(out, data(65508), 0, new SockAddrIn(5000, B)))
                .isEqualTo(-Errno.EMSGSIZE);
    }

    @Test
    void whatMustNotBeFragmentedIsRefusedAndExplained() {
        int fd = udp(a, 0);
        option(a, fd, IpOpt.IP_MTU_DISCOVER, IpOpt.IP_PMTUDISC_DO);
        option(a, fd, IpOpt.IP_RECVERR, 1);
        SockAddr to = new SockAddrIn(5000, B);
        assertThat(a.sendto(fd, data(1473), 0, to)).isEqualTo(-Errno.EMSGSIZE);
        assertThat(cable.frames).isEmpty();
        UserMsgHdr msg = receiveError(fd, 0);
        SockExtendedErr ee = SockExtendedErr.decode(msg.control, CmsgHdr.SIZE);
        assertThat(ee)
                .isEqualTo(
                        new SockExtendedErr(
                                Errno.EMSGSIZE, SockExtendedErr.SO_EE_ORIGIN_LOCAL, 0, 0, 1500, 0));
        assertThat(a.sendto(fd, data(1472), 0, to)).isEqualTo(1472);
    }

    private UserMsgHdr receiveError(int fd, int expected) {
        UserMsgHdr msg = new UserMsgHdr();
        msg.iov = new ByteBuffer[] {ByteBuffer.allocate(2000)};
        msg.control = new byte[256];
        assertThat(a.recvmsg(fd, msg, Msg.MSG_ERRQUEUE)).isEqualTo(expected);
        assertThat(msg.flags & Msg.MSG_ERRQUEUE).isNotZero();
        return msg;
    }

    @Test
    void aLostFragmentLosesTheDatagram() {
        int in = udp(b, 5000);
        int out = udp(a, 0);
        a.sendto(out, data(10), 0, new SockAddrIn(5000, B));
        cable.passes = frame -> (Bytes.u16(frame, 20) & 0x1fff) != 185;
        a.sendto(out, data(5000), 0, new SockAddrIn(5000, B));
        cable.passes = frame -> true;
        a.sendto(out, data(20), 0, new SockAddrIn(5000, B));
        ByteBuffer got = ByteBuffer.allocate(6000);
        assertThat(b.recv(in, got, DONTWAIT)).isEqualTo(10);
        assertThat(b.recv(in, got, DONTWAIT)).isEqualTo(20);
        assertThat(b.recv(in, got, DONTWAIT)).isEqualTo(-Errno.EAGAIN);
    }

    // ---- streams
    // -------------------------------------------------------------------------------------

    @Test
    void aStreamIsCutIntoSegmentsAndSummedInSoftware() {
        byte[] bytes = new byte[1 << 20];
        new Random(7).nextBytes(bytes);
        int listener = b.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(b.bind(listener, new SockAddrIn(80, 0))).isZero();
        assertThat(b.listen(listener, 1)).isZero();
        ByteBuffer got = ByteBuffer.allocate(bytes.length);
        stack.start("reader", () -> readAll(b.accept(listener), got));
        int fd = a.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(a.connect(fd, new SockAddrIn(80, B))).isZero();
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            int n = a.write(fd, left.slice());
            assertThat(n).isPositive();
            left.position(left.position() + n);
        }
        a.close(fd);
        stack.sleep(1_000_000_000L);
        assertThat(got.position()).isEqualTo(bytes.length);
        assertThat(got.array()).isEqualTo(bytes);
        assertThat(cable.frames).allMatch(frame -> frame.length <= 1514);
    }

    private void readAll(int fd, ByteBuffer into) {
        assertThat(fd).isNotNegative();
        while (into.hasRemaining()) {
            int n = b.read(fd, into.slice());
            assertThat(n).isPositive();
            into.position(into.position() + n);
        }
        b.close(fd);
    }

    @Test
    void progressOfAConnectionSparesTheNeighbourQuestions() {
        int listener = b.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(b.bind(listener, new SockAddrIn(80, 0))).isZero();
        assertThat(b.listen(listener, 1)).isZero();
        int fd = a.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(a.connect(fd, new SockAddrIn(80, B))).isZero();
        int peer = b.accept(listener);
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < 300; i++) {
            assertThat(a.write(fd, one.clear())).isEqualTo(1);
            assertThat(b.read(peer, one.clear())).isEqualTo(1);
            assertThat(b.write(peer, one.clear())).isEqualTo(1);
            assertThat(a.read(fd, one.clear())).isEqualTo(1);
            stack.sleep(1_000_000_000L);
        }
        long questions = cable.frames.stream().filter(f -> Bytes.u16(f, 12) == 0x0806).count();
        assertThat(questions).as("only those at the start").isEqualTo(2);
    }

    // ---- errors that come back
    // -----------------------------------------------------------------------

    @Test
    void aClosedPortIsToldToAConnectedSocket() {
        int fd = udp(a, 0);
        assertThat(a.connect(fd, new SockAddrIn(7777, B))).isZero();
        assertThat(a.send(fd, data(4), 0)).isEqualTo(4);
        assertThat(a.send(fd, data(4), 0)).isEqualTo(-Errno.ECONNREFUSED);
        assertThat(a.send(fd, data(4), 0)).as("told once").isEqualTo(4);
    }

    @Test
    void anUnconnectedSocketHearsOfItInTheErrorQueue() {
        int fd = udp(a, 0);
        option(a, fd, IpOpt.IP_RECVERR, 1);
        assertThat(a.sendto(fd, data(40), 0, new SockAddrIn(7777, B))).isEqualTo(40);
        UserMsgHdr msg = receiveError(fd, 40);
        assertThat(msg.name).isEqualTo(new SockAddrIn(7777, B));
        assertThat(msg.iov[0].slice(0, 40)).isEqualTo(data(40));
        SockExtendedErr ee = SockExtendedErr.decode(msg.control, CmsgHdr.SIZE);
        assertThat(ee.errno()).isEqualTo(Errno.ECONNREFUSED);
        assertThat(ee.type()).isEqualTo(Icmp.DEST_UNREACH);
        assertThat(ee.code()).isEqualTo(Icmp.PORT_UNREACH);
    }

    @Test
    void aHostThatIsNotThere() {
        int fd = udp(a, 0);
        option(a, fd, IpOpt.IP_RECVERR, 1);
        assertThat(a.connect(fd, new SockAddrIn(1, In4Addr.of(10, 0, 0, 9)))).isZero();
        assertThat(a.send(fd, data(4), 0)).isEqualTo(4);
        stack.sleep(3_100_000_000L);
        assertThat(a.send(fd, data(4), 0)).isEqualTo(-Errno.EHOSTUNREACH);
    }

    // ---- control messages
    // ----------------------------------------------------------------------------

    @Test
    void whatTheReceiverLearns() {
        int in = udp(b, 5000);
        option(b, in, IpOpt.IP_PKTINFO, 1);
        option(b, in, IpOpt.IP_RECVTTL, 1);
        option(b, in, IpOpt.IP_RECVTOS, 1);
        option(b, in, IpOpt.IP_RECVORIGDSTADDR, 1);
        int out = udp(a, 6000);
        UserMsgHdr send = new UserMsgHdr();
        send.name = new SockAddrIn(5000, B);
        send.iov = new ByteBuffer[] {data(3)};
        send.control = new byte[CmsgHdr.space(4) * 2];
        CmsgHdr.put(send.control, 0, Sol.SOL_IP, IpOpt.IP_TTL, 4);
        Abi.putInt(send.control, CmsgHdr.SIZE, 9);
        int second = CmsgHdr.space(4);
        CmsgHdr.put(send.control, second, Sol.SOL_IP, IpOpt.IP_TOS, 4);
        Abi.putInt(send.control, second + CmsgHdr.SIZE, 0x10);
        send.controlLen = send.control.length;
        assertThat(a.sendmsg(out, send, 0)).isEqualTo(3);

        UserMsgHdr msg = new UserMsgHdr();
        msg.iov = new ByteBuffer[] {ByteBuffer.allocate(10)};
        msg.control = new byte[256];
        assertThat(b.recvmsg(in, msg, DONTWAIT)).isEqualTo(3);
        byte[] c = msg.control;
        assertThat(msg.name).isEqualTo(new SockAddrIn(6000, A));
        int at = 0;
        assertThat(CmsgHdr.type(c, at)).isEqualTo(IpOpt.IP_PKTINFO);
        assertThat(Abi.getInt(c, at + 16)).isEqualTo(hostB.device("eth0").ifindex);
        assertThat(Bytes.u32(c, at + 20)).isEqualTo(B);
        assertThat(Bytes.u32(c, at + 24)).isEqualTo(B);
        at = CmsgHdr.next(c, at, msg.controlLen);
        assertThat(CmsgHdr.type(c, at)).isEqualTo(IpOpt.IP_TTL);
        assertThat(Abi.getInt(c, at + 16)).isEqualTo(9);
        at = CmsgHdr.next(c, at, msg.controlLen);
        assertThat(CmsgHdr.type(c, at)).isEqualTo(IpOpt.IP_TOS);
        assertThat(c[at + 16]).isEqualTo((byte) 0x10);
        at = CmsgHdr.next(c, at, msg.controlLen);
        assertThat(CmsgHdr.type(c, at)).isEqualTo(IpOpt.IP_ORIGDSTADDR);
        assertThat(Bytes.u16(c, at + 18)).isEqualTo(5000);
        assertThat(CmsgHdr.next(c, at, msg.controlLen)).isEqualTo(-1);
    }

    @Test
    void aMalformedControlMessageIsRefused() {
        int out = udp(a, 0);
        UserMsgHdr send = new UserMsgHdr();
        send.name = new SockAddrIn(5000, B);
        send.iov = new ByteBuffer[] {data(3)};
        send.control = new byte[CmsgHdr.space(4)];
        send.controlLen = send.control.length;
        for (int ttl : new int[] {0, 256, -1}) {
            CmsgHdr.put(send.control, 0, Sol.SOL_IP, IpOpt.IP_TTL, 4);
            Abi.putInt(send.control, CmsgHdr.SIZE, ttl);
            assertThat(a.sendmsg(out, send, 0)).isEqualTo(-Errno.EINVAL);
        }
        CmsgHdr.put(send.control, 0, Sol.SOL_IP, 99, 4);
        assertThat(a.sendmsg(out, send, 0)).isEqualTo(-Errno.EINVAL);
    }

    // ---- groups
    // --------------------------------------------------------------------------------------

    private void join(Task task, int fd, int addr) {
        byte[] mreq = new byte[8];
        Bytes.u32(mreq, 0, GROUP);
        Bytes.u32(mreq, 4, addr);
        assertThat(task.setsockopt(fd, Sol.SOL_IP, IpOpt.IP_ADD_MEMBERSHIP, mreq)).isZero();
    }

    private static byte[] address(int addr) {
        byte[] raw = new byte[4];
        Bytes.u32(raw, 0, addr);
        return raw;
    }

    @Test
    void groupsReachTheirMembersAlsoAtHome() {
        int far = udp(b, 5000);
        int near = udp(a, 5000);
        int out = udp(a, 0);
        byte[] me = address(A);
        assertThat(a.setsockopt(out, Sol.SOL_IP, IpOpt.IP_MULTICAST_IF, me)).isZero();
        SockAddr to = new SockAddrIn(5000, GROUP);
        ByteBuffer got = ByteBuffer.allocate(100);
        assertThat(a.sendto(out, data(5), 0, to)).isEqualTo(5);
        assertThat(b.recv(far, got, DONTWAIT)).as("nobody is a member").isEqualTo(-Errno.EAGAIN);
        join(a, near, A);
        join(b, far, B);
        assertThat(a.sendto(out, data(6), 0, to)).isEqualTo(6);
        assertThat(b.recv(far, got, DONTWAIT)).isEqualTo(6);
        assertThat(a.recv(near, got, DONTWAIT)).isEqualTo(6);
        option(a, out, IpOpt.IP_MULTICAST_LOOP, 0);
        assertThat(a.sendto(out, data(7), 0, to)).isEqualTo(7);
        assertThat(b.recv(far, got, DONTWAIT)).isEqualTo(7);
        assertThat(a.recv(near, got, DONTWAIT)).isEqualTo(-Errno.EAGAIN);
        option(a, out, IpOpt.IP_MULTICAST_TTL, 0);
        option(a, out, IpOpt.IP_MULTICAST_LOOP, 1);
        assertThat(a.sendto(out, data(8), 0, to)).isEqualTo(8);
        assertThat(b.recv(far, got, DONTWAIT)).as("TTL 0").isEqualTo(-Errno.EAGAIN);
        assertThat(a.recv(near, got, DONTWAIT)).isEqualTo(8);
    }

    // ---- ping
    // ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {0, 56, 1472, 1473, 20000})
    void pingSocketsAreAnswered(int length) {
        hostA.setSysctl("net.ipv4.ping_group_range", "0 2147483647");
        int fd = a.socket(Af.AF_INET, SocketType.SOCK_DGRAM, IpProto.IPPROTO_ICMP);
        assertThat(fd).isNotNegative();
        byte[] request = new byte[8 + length];
        new Random(1).nextBytes(request);
        Icmp.put(request, 0, Icmp.ECHO, 0, 0x1234_0001);
        assertThat(a.sendto(fd, ByteBuffer.wrap(request), 0, new SockAddrIn(0, B)))
                .isEqualTo(request.length);
        ByteBuffer got = ByteBuffer.allocate(70_000);
        assertThat(a.recv(fd, got, DONTWAIT)).isEqualTo(request.length);
        assertThat(got.get(0)).isEqualTo((byte) Icmp.ECHO_REPLY);
        assertThat(got.slice(8, length)).isEqualTo(ByteBuffer.wrap(request, 8, length));
    }
}
