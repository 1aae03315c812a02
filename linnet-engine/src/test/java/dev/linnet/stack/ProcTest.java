package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.uapi.Af;
import dev.linnet.uapi.Epoll;
import dev.linnet.uapi.EpollEvent;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Stat;
import dev.linnet.wire.Ipv4;
import dev.linnet.wire.Ipv6;
import dev.linnet.wire.Ipv6Ext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `/proc` as programs read it. The lines were read from the kernel of a machine in the same
/// situation; numbers of inodes, processes and places in memory are left out.
class ProcTest {
    private static final int LOOPBACK = 0x7f000001;

    private final Stack stack = Stack.virtual(1);
    private final Host host = stack.newHost("host");
    private final Task task = host.newTask("reader");

    @AfterEach
    void nothingIsLeft() {
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private String read(String name) {
        int fd = task.open(name, Fcntl.O_RDONLY, 0);
        assertThat(fd).as(name).isNotNegative();
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(100); // so that each file takes several reads
        int n;
        while ((n = task.read(fd, buffer)) > 0) {
            text.append(new String(buffer.array(), 0, n, StandardCharsets.UTF_8));
        }
        assertThat(n).isZero();
        task.close(fd);
        return text.toString();
    }

    /// The lines without the header, places in memory and inodes masked.
    private List<String> lines(String name) {
        return read(name)
                .lines()
                .skip(1)
                .map(line -> line.replaceAll("\\b[0-9a-f]{16}\\b(?=[: ])", "P").stripTrailing())
                .toList();
    }

    private int write(String name, String text) {
        int fd = task.open(name, Fcntl.O_WRONLY, 0);
        if (fd < 0) {
            return fd;
        }
        int n = task.write(fd, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        task.close(fd);
        return n;
    }

    private int socket(int family, int type, int protocol) {
        int fd = task.socket(family, type, protocol);
        assertThat(fd).isNotNegative();
        return fd;
    }

    private long inode(int fd) {
        Stat[] stat = new Stat[1];
        assertThat(task.fstat(fd, stat)).isZero();
        return stat[0].ino();
    }

    @Test
    void tcp() {
        int listener = socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        task.bind(listener, new SockAddrIn(80, LOOPBACK));
        task.listen(listener, 5);
        int client = socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        task.bind(client, new SockAddrIn(5000, LOOPBACK));
        task.connect(client, new SockAddrIn(80, LOOPBACK));
        List<String> waiting = lines("/proc/net/tcp");
        assertThat(waiting.getFirst())
                .isEqualTo(
                        "   0: 0100007F:0050 00000000:0000 0A 00000000:00000001 00:00000000 00000000"
                                + "     0        0 "
                                + inode(listener)
                                + " 2 P 100 0 0 10 0");
        assertThat(waiting)
                .as("not accepted: no inode")
                .anyMatch(
                        line ->
                                line.matches(
                                        " +\\d: 0100007F:0050 0100007F:1388 01"
                                                + " 00000000:00000000 00:00000000 00000000 +0 +0 0 1 P"
                                                + " .*"));
        int server = task.accept(listener);
        task.write(client, ByteBuffer.allocate(5));
        assertThat(lines("/proc/net/tcp"))
                .hasSize(3)
                .anyMatch(
                        line ->
                                line.matches(
                                        " +\\d: 0100007F:0050 0100007F:1388 01"
                                                + " 00000000:00000005 00:00000000 00000000 +0 +0 "
                                                + inode(server)
                                                + " 2 P .*"));
        assertThat(read("/proc/net/tcp").lines()).allMatch(line -> line.length() == 149);
        task.read(server, ByteBuffer.allocate(5));
        task.close(client);
        task.close(server);
        assertThat(lines("/proc/net/tcp"))
                .anyMatch(
                        line ->
                                line.matches(
                                        " +\\d: 0100007F:1388 0100007F:0050 06"
                                                + " 00000000:00000000 03:00001770 00000000 +0 +0 0 3"
                                                + " P"));
    }

    @Test
    void tcp6() {
        int listener = socket(Af.AF_INET6, SocketType.SOCK_STREAM, 0);
        task.bind(listener, new SockAddrIn6(81, 0, 1));
        task.listen(listener, 5);
        assertThat(lines("/proc/net/tcp6"))
                .containsExactly(
                        "   0: 00000000000000000000000001000000:0051"
                                + " 00000000000000000000000000000000:0000 0A 00000000:00000000"
                                + " 00:00000000 00000000     0        0 "
                                + inode(listener)
                                + " 2 P 100 0 0 10 0");
        assertThat(lines("/proc/net/tcp")).isEmpty();
    }

    @Test
    void datagrams() {
        int udp = socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        task.bind(udp, new SockAddrIn(53, LOOPBACK));
        int client = socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        task.bind(client, new SockAddrIn(5353, LOOPBACK));
        task.connect(client, new SockAddrIn(53, LOOPBACK));
        assertThat(lines("/proc/net/udp"))
                .containsExactlyInAnyOrder(
                        "   53: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000"
                                + " 00000000     0        0 "
                                + inode(udp)
                                + " 2 P 0",
                        " 5353: 0100007F:14E9 0100007F:0035 01 00000000:00000000 00:00000000"
                                + " 00000000     0        0 "
                                + inode(client)
                                + " 2 P 0");
        assertThat(read("/proc/net/udp").lines()).allMatch(line -> line.length() == 127);

        int raw = socket(Af.AF_INET6, SocketType.SOCK_RAW, IpProto.IPPROTO_ICMPV6);
        assertThat(lines("/proc/net/raw6"))
                .containsExactly(
                        "   58: 00000000000000000000000000000000:003A"
                                + " 00000000000000000000000000000000:0000 07 00000000:00000000"
                                + " 00:00000000 00000000     0        0 "
                                + inode(raw)
                                + " 2 P 0");
    }

    @Test
    void unix() {
        int[] pair = new int[2];
        task.socketpair(Af.AF_UNIX, SocketType.SOCK_STREAM, 0, pair);
        assertThat(lines("/proc/net/unix"))
                .containsExactlyInAnyOrder(
                        "P: 00000003 00000000 00000000 0001 03 %5d".formatted(inode(pair[0])),
                        "P: 00000003 00000000 00000000 0001 03 %5d".formatted(inode(pair[1])));
    }

    @Test
    void theNetworkOfTheHost() {
        assertThat(read("/proc/net/if_inet6"))
                .isEqualTo("00000000000000000000000000000001 01 80 10 80       lo\n");
        assertThat(lines("/proc/net/dev").get(1)).startsWith("    lo: ");
        assertThat(read("/proc/net/snmp")).startsWith("Ip: Forwarding DefaultTTL ");
        assertThat(read("/proc/net/netstat")).startsWith("TcpExt: SyncookiesSent ");
        assertThat(read("/proc/net/sockstat")).startsWith("sockets: used 0\nTCP: inuse 0 ");
        assertThat(read("/proc/net/route")).startsWith("Iface\tDestination\tGateway \tFlags");
        assertThat(read("/proc/net/ipv6_route"))
                .contains(
                        "00000000000000000000000000000001 80 00000000000000000000000000000000 00"
                                + " 00000000000000000000000000000000 00000000 00000001 00000000"
                                + " 80200001       lo\n");
    }

    @Test
    void fragmentsThatWaitForTheRest() {
        int raw = socket(Af.AF_INET, SocketType.SOCK_RAW, IpProto.IPPROTO_RAW);
        byte[] v4 = new byte[Ipv4.HEADER_BYTES + 16];
        v4[0] = 0x45;
        Ipv4.id(v4, 0, 7);
        Ipv4.fragOff(v4, 0, Ipv4.MF);
        Ipv4.ttl(v4, 0, 64);
        Ipv4.protocol(v4, 0, IpProto.IPPROTO_UDP);
        Ipv4.saddr(v4, 0, LOOPBACK);
        Ipv4.daddr(v4, 0, LOOPBACK);
        assertThat(read("/proc/net/sockstat")).endsWith("FRAG: inuse 0 memory 0\n");
        assertThat(task.sendto(raw, ByteBuffer.wrap(v4), 0, new SockAddrIn(0, LOOPBACK)))
                .isEqualTo(v4.length);
        assertThat(read("/proc/net/sockstat")).containsPattern("FRAG: inuse 1 memory [1-9]\\d*\n$");

        int raw6 = socket(Af.AF_INET6, SocketType.SOCK_RAW, IpProto.IPPROTO_RAW);
        byte[] v6 = new byte[Ipv6.HEADER_BYTES + Ipv6Ext.FRAGMENT_BYTES + 16];
        v6[0] = 0x60;
        Ipv6.payloadLen(v6, 0, v6.length - Ipv6.HEADER_BYTES);
        Ipv6.nexthdr(v6, 0, Ipv6Ext.FRAGMENT);
        Ipv6.hopLimit(v6, 0, 64);
        Ipv6.saddr(v6, 0, 0, 1);
        Ipv6.daddr(v6, 0, 0, 1);
        v6[Ipv6.HEADER_BYTES] = IpProto.IPPROTO_UDP;
        v6[Ipv6.HEADER_BYTES + 3] = 1; // more fragments
        assertThat(read("/proc/net/sockstat6")).endsWith("FRAG6: inuse 0 memory 0\n");
        assertThat(task.sendto(raw6, ByteBuffer.wrap(v6), 0, new SockAddrIn6(0, 0, 1)))
                .isEqualTo(v6.length);
        assertThat(read("/proc/net/sockstat6"))
                .containsPattern("FRAG6: inuse 1 memory [1-9]\\d*\n$");
    }

    @Test
    void descriptors() {
        int fd = socket(Af.AF_INET, SocketType.SOCK_STREAM | SocketType.SOCK_CLOEXEC, 0);
        int[] pipe = new int[2];
        task.pipe2(pipe, 0);
        int epoll = task.epollCreate1(0);
        task.epollCtl(epoll, Epoll.EPOLL_CTL_ADD, fd, new EpollEvent(Epoll.EPOLLIN, 7));
        int file = task.open("/tmp/file", Fcntl.O_CREAT | Fcntl.O_RDWR, 0600);
        task.write(file, ByteBuffer.allocate(3));

        assertThat(link("/proc/self/fd/" + fd)).isEqualTo("socket:[" + inode(fd) + "]");
        assertThat(link("/proc/self/fd/" + pipe[1])).isEqualTo("pipe:[" + inode(pipe[0]) + "]");
        assertThat(link("/proc/self/fd/" + epoll)).isEqualTo("anon_inode:[eventpoll]");
        assertThat(link("/proc/self/fd/" + file)).isEqualTo("/tmp/file");
        assertThat(read("/proc/self/fdinfo/" + fd))
                .isEqualTo("pos:\t0\nflags:\t02000002\nmnt_id:\t10\nino:\t" + inode(fd) + "\n");
        assertThat(read("/proc/self/fdinfo/" + pipe[1])).startsWith("pos:\t0\nflags:\t01\n");
        assertThat(read("/proc/self/fdinfo/" + epoll))
                .contains("tfd: %8d events: %8x data: %16x ".formatted(fd, 0x19, 7));
        assertThat(read("/proc/self/fdinfo/" + file)).startsWith("pos:\t3\nflags:\t0100002\n");
        assertThat(read("/proc/self/fd/" + file)).as("opened through its link").hasSize(3);
        task.unlink("/tmp/file");
        assertThat(link("/proc/self/fd/" + file)).isEqualTo("/tmp/file (deleted)");
        task.close(file);
        assertThat(task.open("/proc/self/fd/" + file, 0, 0)).isEqualTo(-Errno.ENOENT);
    }

    private String link(String name) {
        String[] target = new String[1];
        assertThat(task.readlink(name, target)).as(name).isNotNegative();
        return target[0];
    }

    @Test
    void processes() {
        Task other = host.newTask("other");
        assertThat(read("/proc/" + other.pid() + "/comm")).isEqualTo("other\n");
        assertThat(link("/proc/self")).isEqualTo(Integer.toString(task.pid()));
        assertThat(link("/proc/self/cwd")).isEqualTo("/");
        assertThat(read("/proc/self/limits"))
                .contains(
                        "Max open files            1048576              1048576             "
                                + " files     \n");
        assertThat(read("/proc/mounts")).contains("proc /proc proc rw,relatime 0 0\n");
        int pid = other.pid();
        other.close();
        assertThat(task.open("/proc/" + pid + "/comm", 0, 0)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void knobs() {
        String knob = "/proc/sys/net/ipv4/tcp_syn_retries";
        assertThat(read(knob)).isEqualTo("6\n");
        assertThat(write(knob, "3\n")).isEqualTo(2);
        assertThat(read(knob)).isEqualTo("3\n");
        assertThat(host.sysctl("net.ipv4.tcp_syn_retries")).isEqualTo("3");
        assertThat(write(knob, "1000")).isEqualTo(-Errno.EINVAL);
        assertThat(write("/proc/sys/net/ipv4/conf/lo/forwarding", "1")).isEqualTo(1);
        assertThat(write("/proc/sys/net/ipv4/none", "1")).isEqualTo(-Errno.ENOENT);
        assertThat(write("/proc/net/tcp", "1")).as("not a knob").isEqualTo(-Errno.EIO);
    }
}
