package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.UdpOpt;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Options that show on a second host only: router alerts, anycast addresses, encapsulation.
class RouterSocketsTest {
    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Host router = stack.newHost("router");
    private final Task sender = host.newTask("sender");
    private final Task daemon = router.newTask("daemon");
    private final EtherCable cable = new EtherCable(host, router, "eth0", 1500);

    @BeforeEach
    void setUp() {
        host.addAddress("eth0", "10.0.0.1/24");
        router.addAddress("eth0", "10.0.0.2/24");
        host.addAddress("eth0", "2001:db8::1/64");
        router.addAddress("eth0", "2001:db8::2/64");
        host.addRoute("0.0.0.0/0", "10.0.0.2", null);
        router.addRoute("10.9.9.0/24", "10.0.0.1", null);
        router.addRoute("2001:db8:9::/48", "2001:db8::1", null);
        host.addRoute("::/0", "2001:db8::2", null);
        assertThat(router.setSysctl("net.ipv4.ip_forward", "1")).isZero();
        assertThat(router.setSysctl("net.ipv6.conf.all.forwarding", "1")).isZero();
        stack.sleep(5_000_000_000L);
        cable.frames.clear();
    }

    @AfterEach
    void nothingIsLeft() {
        sender.close();
        daemon.close();
        stack.sleep(100_000_000_000L);
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private static ByteBuffer bytes(int n) {
        return ByteBuffer.allocate(n);
    }

    private int received(Task task, int fd) {
        stack.sleep(3_000_000_000L);
        return task.recv(fd, bytes(2000), Msg.MSG_DONTWAIT);
    }

    @Test
    void aRouterAlertOfIpv4() {
        int raw = daemon.socket(Af.AF_INET, SocketType.SOCK_RAW, IpProto.IPPROTO_UDP);
        assertThat(daemon.setsockopt(raw, Sol.SOL_IP, IpOpt.IP_ROUTER_ALERT, 1)).isZero();
        int out = sender.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        SockAddrIn far = new SockAddrIn(9, In4Addr.of(10, 9, 9, 9));
        assertThat(sender.sendto(out, bytes(5), 0, far)).isEqualTo(5);
        assertThat(received(daemon, raw)).as("without the option").isEqualTo(-Errno.EAGAIN);

        byte[] alert = {(byte) 0x94, 4, 0, 0};
        assertThat(sender.setsockopt(out, Sol.SOL_IP, IpOpt.IP_OPTIONS, alert)).isZero();
        assertThat(sender.sendto(out, bytes(5), 0, far)).isEqualTo(5);
        assertThat(received(daemon, raw)).as("with its header").isEqualTo(24 + 8 + 5);
    }

    @Test
    void aRouterAlertOfIpv6() {
        int raw = daemon.socket(Af.AF_INET6, SocketType.SOCK_RAW, IpProto.IPPROTO_RAW);
        assertThat(daemon.setsockopt(raw, Sol.SOL_IPV6, Ipv6Opt.IPV6_ROUTER_ALERT, 7)).isZero();
        int out = sender.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        In6Addr far = In6Addr.parse("2001:db8:9::9");
        for (int value : new int[] {6, 7}) {
            byte[] header = {0, 0, 5, 2, 0, (byte) value, 1, 0};
            int set = sender.setsockopt(out, Sol.SOL_IPV6, Ipv6Opt.IPV6_HOPOPTS, header);
            assertThat(set).isZero();
            SockAddrIn6 to = new SockAddrIn6(9, 0, far.hi(), far.lo(), 0);
            assertThat(sender.sendto(out, bytes(5), 0, to)).isEqualTo(5);
            int expected = value == 7 ? 40 + 8 + 8 + 5 : -Errno.EAGAIN;
            assertThat(received(daemon, raw)).as("value %d", value).isEqualTo(expected);
        }
    }

    @Test
    void anAnycastAddress() {
        In6Addr anycast = In6Addr.parse("2001:db8::aa");
        int in = daemon.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(daemon.bind(in, new SockAddrIn6(9, 0, 0, 0, 0))).isZero();
        int out = sender.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        SockAddrIn6 to = new SockAddrIn6(9, 0, anycast.hi(), anycast.lo(), 0);
        sender.sendto(out, bytes(5), 0, to);
        assertThat(received(daemon, in)).as("nobody has it").isEqualTo(-Errno.EAGAIN);

        byte[] mreq = new byte[20];
        Bytes.u64(mreq, 0, anycast.hi());
        Bytes.u64(mreq, 8, anycast.lo());
        int holder = daemon.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(daemon.setsockopt(holder, Sol.SOL_IPV6, Ipv6Opt.IPV6_JOIN_ANYCAST, mreq))
                .isZero();
        int again = sender.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        stack.sleep(10_000_000_000L);
        assertThat(sender.sendto(again, bytes(6), 0, to)).isEqualTo(6);
        assertThat(received(daemon, in)).isEqualTo(6);
        daemon.close(holder);
        sender.sendto(again, bytes(7), 0, to);
        assertThat(received(daemon, in)).as("it is given up").isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void keyExchangeButNoEsp() {
        int in = daemon.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(daemon.bind(in, new SockAddrIn(4500, 0))).isZero();
        assertThat(daemon.setsockopt(in, Sol.SOL_UDP, UdpOpt.UDP_ENCAP, 2)).isZero();
        int out = sender.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        SockAddrIn to = new SockAddrIn(4500, In4Addr.of(10, 0, 0, 2));
        byte[] esp = new byte[40];
        esp[0] = 1;
        sender.sendto(out, ByteBuffer.wrap(esp), 0, to);
        sender.sendto(out, ByteBuffer.wrap(new byte[] {-1}), 0, to);
        assertThat(received(daemon, in)).as("ESP, a keepalive").isEqualTo(-Errno.EAGAIN);
        sender.sendto(out, bytes(30), 0, to);
        assertThat(received(daemon, in)).as("key exchange").isEqualTo(30);
    }

    @Test
    void datagramsOfIpv6WithoutChecksum() {
        In6Addr address = In6Addr.parse("2001:db8::2");
        int in = daemon.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(daemon.bind(in, new SockAddrIn6(9, 0, 0, 0, 0))).isZero();
        int out = sender.socket(Af.AF_INET6, SocketType.SOCK_DGRAM, 0);
        assertThat(sender.setsockopt(out, Sol.SOL_UDP, UdpOpt.UDP_NO_CHECK6_TX, 1)).isZero();
        SockAddrIn6 to = new SockAddrIn6(9, 0, address.hi(), address.lo(), 0);
        sender.sendto(out, bytes(5), 0, to);
        assertThat(received(daemon, in)).isEqualTo(-Errno.EAGAIN);
        assertThat(daemon.setsockopt(in, Sol.SOL_UDP, UdpOpt.UDP_NO_CHECK6_RX, 1)).isZero();
        sender.sendto(out, bytes(5), 0, to);
        assertThat(received(daemon, in)).isEqualTo(5);
    }
}
