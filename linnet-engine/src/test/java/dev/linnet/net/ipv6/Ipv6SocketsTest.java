package dev.linnet.net.ipv6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.NetDeviceConfig;
import dev.linnet.net.core.dev.NetDeviceOps;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SockAddrUnspec;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.wire.In6Addr;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// IPv6 settings of connections and of connected datagram sockets, through system calls. The values
/// are what Linux 6.18 gave to the same calls.
class Ipv6SocketsTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final int[] WATCH = {
        Ipv6Opt.IPV6_RECVPKTINFO,
        Ipv6Opt.IPV6_RECVHOPLIMIT,
        Ipv6Opt.IPV6_RECVTCLASS,
        Ipv6Opt.IPV6_FLOWINFO
    };

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("a");
    private final Task task = host.newTask("t");

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private void set(int fd, int name, int value) {
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, value);
        assertThat(task.setsockopt(fd, Sol.SOL_IPV6, name, raw)).as("option " + name).isZero();
    }

    private int get(int fd, int name) {
        byte[] raw = new byte[4];
        assertThat(task.getsockopt(fd, Sol.SOL_IPV6, name, raw)).isEqualTo(4);
        return Abi.getInt(raw, 0);
    }

    private String packets(int fd) {
        byte[] raw = new byte[200];
        int n = task.getsockopt(fd, Sol.SOL_IPV6, Ipv6Opt.IPV6_2292PKTOPTIONS, raw);
        assertThat(n).isNotNegative();
        StringBuilder sb = new StringBuilder();
        for (int at = n == 0 ? -1 : 0; at >= 0; at = CmsgHdr.next(raw, at, n)) {
            int from = at + CmsgHdr.SIZE;
            byte[] data = Arrays.copyOfRange(raw, from, from + CmsgHdr.dataLen(raw, at));
            sb.append(CmsgHdr.type(raw, at)).append(':').append(HEX.formatHex(data)).append(' ');
        }
        return sb.toString().strip();
    }

    private SockAddr listen(int fd, SockAddr at) {
        assertThat(task.bind(fd, at)).isZero();
        assertThat(task.listen(fd, 5)).isZero();
        SockAddr[] name = new SockAddr[1];
        assertThat(task.getsockname(fd, name)).isZero();
        return name[0];
    }

    private int tcp() {
        return task.socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
    }

    private void sendByte(int from, int to) {
        assertThat(task.write(from, ByteBuffer.allocate(1))).isEqualTo(1);
        assertThat(task.read(to, ByteBuffer.allocate(1))).isEqualTo(1);
    }

    // ---- connections
    // -----------------------------------------------------------------------------

    @Test
    void aConnectionHasItsListenersSettingsAndTellsOfItsPackets() {
        int listener = tcp();
        for (int option : WATCH) {
            set(listener, option, 1);
        }
        set(listener, Ipv6Opt.IPV6_MINHOPCOUNT, 5);
        set(listener, Ipv6Opt.IPV6_MULTICAST_ALL, 0);
        set(listener, Ipv6Opt.IPV6_ADDR_PREFERENCES, 2);
        set(listener, Ipv6Opt.IPV6_AUTOFLOWLABEL, 0);
        byte[] pktinfo = HEX.parseHex("00000000000000000000000000000001" + "00000000");
        assertThat(task.setsockopt(listener, Sol.SOL_IPV6, Ipv6Opt.IPV6_PKTINFO, pktinfo)).isZero();
        SockAddr at = listen(listener, new SockAddrIn6(0, 0, 0, 1, 0));
        int client = tcp();
        set(client, Ipv6Opt.IPV6_AUTOFLOWLABEL, 0);
        set(client, Ipv6Opt.IPV6_UNICAST_HOPS, 33);
        set(client, Ipv6Opt.IPV6_TCLASS, 0x48);
        assertThat(task.connect(client, at)).isZero();
        int child = task.accept(listener);

        String one = "00000000000000000000000000000001";
        assertThat(packets(listener))
                .isEqualTo("50:" + one + "00000000 52:01000000 67:00000000 11:00000000");
        assertThat(packets(child))
                .isEqualTo("50:" + one + "01000000 52:21000000 67:48000000 11:04800000");
        assertThat(get(child, Ipv6Opt.IPV6_MULTICAST_IF)).isEqualTo(1);
        assertThat(get(child, Ipv6Opt.IPV6_MULTICAST_HOPS)).isEqualTo(33);
        assertThat(get(child, Ipv6Opt.IPV6_UNICAST_HOPS)).isEqualTo(64);
        assertThat(get(child, Ipv6Opt.IPV6_MINHOPCOUNT)).isEqualTo(5);
        assertThat(get(child, Ipv6Opt.IPV6_MULTICAST_ALL)).isZero();
        assertThat(get(child, Ipv6Opt.IPV6_ADDR_PREFERENCES)).isEqualTo(1026);
        assertThat(get(child, Ipv6Opt.IPV6_AUTOFLOWLABEL)).isZero();
        assertThat(get(child, Ipv6Opt.IPV6_RECVTCLASS)).isEqualTo(1);

        set(client, Ipv6Opt.IPV6_UNICAST_HOPS, 44);
        set(client, Ipv6Opt.IPV6_TCLASS, 0x20);
        sendByte(client, child);
        assertThat(packets(child))
                .isEqualTo("50:" + one + "01000000 52:2c000000 67:20000000 11:02000000");

        for (int option : WATCH) {
            set(child, option, option == Ipv6Opt.IPV6_RECVTCLASS ? 1 : 0);
        }
        set(client, Ipv6Opt.IPV6_UNICAST_HOPS, 55);
        set(client, Ipv6Opt.IPV6_TCLASS, 0x24);
        sendByte(client, child);
        assertThat(packets(child)).isEqualTo("67:24000000");
        assertThat(get(child, Ipv6Opt.IPV6_MULTICAST_HOPS)).isEqualTo(44);
    }

    @Test
    void aMappedConnectionTellsOfItsIpv4Packets() {
        int listener = tcp();
        SockAddrIn6 at = (SockAddrIn6) listen(listener, new SockAddrIn6(0, 0, 0, 0, 0));
        set(listener, Ipv6Opt.IPV6_RECVTCLASS, 1);
        set(listener, Ipv6Opt.IPV6_RECVHOPLIMIT, 1);
        int client = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        byte[] ttl = new byte[4];
        Abi.putInt(ttl, 0, 77);
        assertThat(task.setsockopt(client, Sol.SOL_IP, 2, ttl)).isZero();
        assertThat(task.connect(client, new SockAddrIn(at.port(), 0x7F000001))).isZero();
        int child = task.accept(listener);
        assertThat(packets(child)).isEqualTo("52:4d000000 67:00000000");
        assertThat(get(child, Ipv6Opt.IPV6_MULTICAST_IF)).isEqualTo(1);
    }

    @Test
    void segmentsFromTooFarAwayAreDropped() {
        int listener = tcp();
        set(listener, Ipv6Opt.IPV6_MINHOPCOUNT, 255);
        SockAddr at = listen(listener, new SockAddrIn6(0, 0, 0, 1, 0));
        int near = tcp();
        set(near, Ipv6Opt.IPV6_UNICAST_HOPS, 255);
        assertThat(task.connect(near, at)).isZero();
        int child = task.accept(listener);
        set(near, Ipv6Opt.IPV6_UNICAST_HOPS, 254);
        assertThat(task.write(near, ByteBuffer.allocate(1))).isEqualTo(1);
        stack.sleep(10_000_000);
        byte[] nothing = new byte[1];
        assertThat(task.recv(child, ByteBuffer.wrap(nothing), 0x40)).isEqualTo(-Errno.EAGAIN);
        assertThat(host.net().mib.get(TcpExt.TCPMINTTLDROP)).isPositive();
        set(child, Ipv6Opt.IPV6_MINHOPCOUNT, 0);
        assertThat(task.read(child, ByteBuffer.wrap(nothing))).isEqualTo(1); // it is sent again
    }

    @Test
    void extensionHeadersOfAListenerGoIntoItsConnectionsSegments() {
        int listener = tcp();
        byte[] options = HEX.parseHex("0000010400000000");
        assertThat(task.setsockopt(listener, Sol.SOL_IPV6, Ipv6Opt.IPV6_DSTOPTS, options)).isZero();
        SockAddr at = listen(listener, new SockAddrIn6(0, 0, 0, 1, 0));
        int client = tcp();
        assertThat(task.connect(client, at)).isZero();
        int child = task.accept(listener);
        byte[] got = new byte[20];
        assertThat(task.getsockopt(child, Sol.SOL_IPV6, Ipv6Opt.IPV6_DSTOPTS, got)).isEqualTo(8);
        assertThat(Arrays.copyOf(got, 8)).isEqualTo(options);
        sendByte(child, client);
        sendByte(client, child);
    }

    // ---- connected datagram sockets
    // ----------------------------------------------------------------

    private int udp() {
        return task.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
    }

    private int connect(int fd, String address, int scope) {
        In6Addr a = In6Addr.parse(address);
        return task.connect(fd, new SockAddrIn6(9, 0, a.hi(), a.lo(), scope));
    }

    private int boundTo(int fd) {
        byte[] raw = new byte[4];
        assertThat(task.getsockopt(fd, Sol.SOL_SOCKET, So.SO_BINDTOIFINDEX, raw)).isEqualTo(4);
        return Abi.getInt(raw, 0);
    }

    private int ethernet() {
        NetDeviceOps ops =
                new NetDeviceOps() {
                    @Override
                    public int startXmit(SkBuff skb, NetDevice dev) {
                        skb.consume();
                        return 0;
                    }
                };
        NetDeviceConfig config =
                new NetDeviceConfig(
                        "eth0",
                        ops,
                        NetDevice.ARPHRD_ETHER,
                        new byte[] {2, 0, 0, 0, 0, 1},
                        NetDevice.IFF_BROADCAST | NetDevice.IFF_MULTICAST,
                        0,
                        1500);
        int ifindex = host.addDevice(config).ifindex;
        stack.sleep(4_000_000_000L); // duplicate address detection
        return ifindex;
    }

    @Test
    void addressesOfALinkNeedAnInterface() {
        int eth0 = ethernet();
        int fd = udp();
        assertThat(connect(fd, "ff02::1", 0)).isEqualTo(-Errno.EINVAL);
        assertThat(connect(fd, "fe80::1", 0)).isEqualTo(-Errno.EINVAL);
        assertThat(connect(fd, "ff02::1", eth0)).isZero();
        assertThat(boundTo(fd)).isEqualTo(eth0);
        assertThat(connect(fd, "ff02::1", 77)).isEqualTo(-Errno.EINVAL);
        assertThat(task.connect(fd, SockAddrUnspec.UNSPEC)).isZero();
        assertThat(boundTo(fd)).isZero();
        assertThat(connect(fd, "fe80::1", 77)).isEqualTo(-Errno.ENETUNREACH);
        assertThat(boundTo(fd)).isEqualTo(77);
    }

    @Test
    void theInterfaceForMulticastCountsInConnect() {
        int eth0 = ethernet();
        int fd = udp();
        set(fd, Ipv6Opt.IPV6_MULTICAST_IF, eth0);
        assertThat(connect(fd, "ff02::1", 0)).isZero();
        assertThat(boundTo(fd)).isEqualTo(eth0);
        SockAddr[] name = new SockAddr[1];
        assertThat(task.getsockname(fd, name)).isZero();
        assertThat(((SockAddrIn6) name[0]).scopeId()).isEqualTo(eth0);

        int wide = udp();
        set(wide, Ipv6Opt.IPV6_MULTICAST_IF, eth0);
        assertThat(connect(wide, "ff0e::1", 0)).isZero();
        assertThat(boundTo(wide)).isZero();
        assertThat(connect(udp(), "ff0e::1", eth0)).isZero();
    }

    @Test
    void aSocketForIpv6AloneRefusesIpv4() {
        int fd = udp();
        set(fd, Ipv6Opt.IPV6_V6ONLY, 1);
        assertThat(task.connect(fd, new SockAddrIn(9, 0x7F000001))).isEqualTo(-Errno.EAFNOSUPPORT);
        assertThat(connect(fd, "::ffff:127.0.0.1", 0)).isEqualTo(-Errno.ENETUNREACH);
    }

    @Test
    void eachFamilyHasItsInterfaceForMulticast() {
        int fd = udp();
        set(fd, Ipv6Opt.IPV6_MULTICAST_IF, 1);
        byte[] mreqn = new byte[12];
        Abi.putInt(mreqn, 8, 1);
        byte[] none = new byte[12];
        assertThat(task.setsockopt(fd, Sol.SOL_IP, 32, mreqn)).isZero();
        assertThat(task.setsockopt(fd, Sol.SOL_IP, 32, none)).isZero();
        assertThat(get(fd, Ipv6Opt.IPV6_MULTICAST_IF)).isEqualTo(1);
    }
}
