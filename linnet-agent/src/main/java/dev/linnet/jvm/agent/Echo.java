package dev.linnet.jvm.agent;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketFd;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Icmp6Type;
import dev.linnet.uapi.IcmpType;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.IpProto;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.wire.Icmp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// ICMP echo requests for `InetAddress.isReachable`: one a second until an answer comes or the time is over, as the JDK
/// sends them when it may open a raw socket.
final class Echo implements AutoCloseable {
    private static final int SECOND_MS = 1000;
    private static final int PAYLOAD_BYTES = 56;
    private static final AtomicInteger IDS = new AtomicInteger();

    private final Task task;
    private final boolean v4;
    private final SocketFd fd;
    private final int id;

    private Echo(JvmHost host, boolean v4) throws SocketException {
        this.task = host.task();
        this.v4 = v4;
        int n =
                task.socket(
                        v4 ? Af.AF_INET : Af.AF_INET6,
                        SocketType.SOCK_RAW,
                        v4 ? IpProto.IPPROTO_ICMP : IpProto.IPPROTO_ICMPV6);
        this.fd = new SocketFd(task, check(n));
        this.id = host.task().pid() + IDS.getAndIncrement() & 0xFFFF;
    }

    /// Whether `to` answers within `timeout` milliseconds.
    ///
    /// @param ttl hops, 0 for the default
    /// @throws SocketException if there is no way to it
    static boolean reaches(
            JvmHost host, InetAddress to, int timeout, @Nullable NetworkInterface from, int ttl)
            throws IOException {
        boolean v4 = to.getAddress().length == 4;
        InetAddress source = from == null ? null : sourceOn(from, to);
        if (from != null && source == null || !v4 && SocketAddresses.onlyV4()) {
            return false;
        }
        try (Echo echo = new Echo(host, v4)) {
            echo.prepare(source, ttl);
            return echo.run(to, timeout);
        }
    }

    /// An address of the interface that is of the other's family.
    private static @Nullable InetAddress sourceOn(NetworkInterface from, InetAddress to) {
        for (var it = from.getInetAddresses(); it.hasMoreElements(); ) {
            InetAddress address = it.nextElement();
            if (address.getClass() == to.getClass()) {
                return address;
            }
        }
        return null;
    }

    private void prepare(@Nullable InetAddress source, int ttl) throws SocketException {
        if (ttl > 0) {
            int level = v4 ? Sol.SOL_IP : Sol.SOL_IPV6;
            int option = v4 ? IpOpt.IP_TTL : Ipv6Opt.IPV6_UNICAST_HOPS;
            check(task.setsockopt(fd.fd(), level, option, ttl));
        }
        if (source != null) {
            check(task.bind(fd.fd(), address(source)));
        }
    }

    private SockAddr address(InetAddress address) {
        return SocketAddresses.toStack(v4 ? Af.AF_INET : Af.AF_INET6, address, 0);
    }

    private boolean run(InetAddress to, int timeout) throws SocketException {
        int left = timeout;
        int sequence = 1;
        do {
            int wait = Math.min(left, SECOND_MS);
            int err = send(to, sequence++);
            if (err == -Errno.EINVAL || err == -Errno.EHOSTUNREACH) {
                return false;
            }
            check(err);
            if (answered(to, wait)) {
                return true;
            }
            left -= SECOND_MS;
        } while (left > 0);
        return false;
    }

    private int send(InetAddress to, int sequence) {
        byte[] packet = new byte[Icmp.HEADER_BYTES + PAYLOAD_BYTES];
        int type = v4 ? IcmpType.ICMP_ECHO : Icmp6Type.ICMPV6_ECHO_REQUEST;
        Icmp.put(packet, 0, type, 0, id << 16 | sequence & 0xFFFF);
        if (v4) {
            Icmp.sendCheck(packet, 0, packet.length); // of ICMPv6 the stack does it
        }
        ByteBuffer data = ByteBuffer.wrap(packet);
        return fd.call(SocketFd.WRITE, false, () -> task.sendto(fd.fd(), data, 0, address(to)));
    }

    private boolean answered(InetAddress to, int waitMs) {
        long end = task.host().stack().nowNs() + waitMs * 1_000_000L;
        byte[] packet = new byte[2048];
        SockAddr[] from = new SockAddr[1];
        long left = waitMs;
        while (left >= 0) {
            int ms = (int) left;
            int ready = fd.call(SocketFd.READ, false, () -> fd.poll(PollEvents.POLLIN, ms));
            if (ready <= 0) {
                return false;
            }
            ByteBuffer into = ByteBuffer.wrap(packet);
            int n = task.recvfrom(fd.fd(), into, Msg.MSG_DONTWAIT, from);
            if (n > 0 && isAnswer(packet, n) && address(to).equals(plain(from[0]))) {
                return true;
            }
            left = (end - task.host().stack().nowNs()) / 1_000_000L;
        }
        return false;
    }

    private SockAddr plain(@Nullable SockAddr from) {
        var address = SocketAddresses.fromStack(from);
        return address == null
                ? address(InetAddress.getLoopbackAddress())
                : address(address.getAddress());
    }

    /// IPv4's raw sockets give the IP header too.
    private boolean isAnswer(byte[] packet, int n) {
        int at = v4 ? (packet[0] & 0xF) * 4 : 0;
        int type = v4 ? IcmpType.ICMP_ECHOREPLY : Icmp6Type.ICMPV6_ECHO_REPLY;
        return n >= at + Icmp.HEADER_BYTES
                && Icmp.type(packet, at) == type
                && Icmp.id(packet, at) == id;
    }

    private static int check(int result) throws SocketException {
        if (result < 0) {
            throw new SocketException(Errno.message(result));
        }
        return result;
    }

    @Override
    public void close() {
        fd.close();
    }
}
