package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketAddresses;
import dev.linnet.jvm.SocketFd;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.Sol;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.MembershipKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The multicast groups that a channel is in. Thread-safe; its monitor guards the list.
final class Memberships {
    private final LinnetDatagramChannel channel;
    private final SocketFd fd;
    private final int family;
    private final List<LinnetMembershipKey> keys = new ArrayList<>();

    Memberships(LinnetDatagramChannel channel, SocketFd fd, int family) {
        this.channel = channel;
        this.fd = fd;
        this.family = family;
    }

    /// Joins a group on an interface, or finds that the channel is in it.
    ///
    /// @param source whose datagrams are wanted, null for anybody's
    synchronized MembershipKey join(
            InetAddress group, NetworkInterface dev, @Nullable InetAddress source)
            throws IOException {
        checkGroup(group);
        if (source != null) {
            checkSource(group, source);
        }
        channel.ensureOpen();
        LinnetMembershipKey known = find(group, dev, source);
        if (known != null) {
            return known;
        }
        require(group, dev);
        LinnetMembershipKey key = new LinnetMembershipKey(channel, group, dev, source);
        int name = source == null ? IpOpt.MCAST_JOIN_GROUP : IpOpt.MCAST_JOIN_SOURCE_GROUP;
        set(key, name, source);
        keys.add(key);
        return key;
    }

    private void checkGroup(InetAddress group) {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("Group not a multicast address");
        }
        if (!(group instanceof Inet4Address) && family != Af.AF_INET6) {
            throw new IllegalArgumentException("Only IPv6 sockets can join IPv6 multicast group");
        }
    }

    private static void checkSource(InetAddress group, InetAddress source) {
        if (source.isAnyLocalAddress()) {
            throw new IllegalArgumentException("Source address is a wildcard address");
        }
        if (source.isMulticastAddress()) {
            throw new IllegalArgumentException("Source address is multicast address");
        }
        if (source.getClass() != group.getClass()) {
            throw new IllegalArgumentException("Source address is different type to group");
        }
    }

    private static void require(InetAddress group, NetworkInterface dev) throws IOException {
        if (dev.getIndex() == -1) {
            throw new IOException("Network interface cannot be identified");
        }
        if (group instanceof Inet4Address
                && dev.inetAddresses().noneMatch(Inet4Address.class::isInstance)) {
            throw new IOException("Network interface not configured for IPv4");
        }
    }

    private @Nullable LinnetMembershipKey find(
            InetAddress group, NetworkInterface dev, @Nullable InetAddress source) {
        for (LinnetMembershipKey key : keys) {
            if (key.group().equals(group) && key.networkInterface().equals(dev)) {
                if (Objects.equals(key.sourceAddress(), source)) {
                    return key;
                }
                if (source == null) {
                    throw new IllegalStateException("Already a member to receive all packets");
                }
                if (key.sourceAddress() == null) {
                    throw new IllegalStateException("Already have source-specific membership");
                }
            }
        }
        return null;
    }

    /// Whether the channel is in a group for everybody's datagrams: its key, else null.
    synchronized @Nullable MembershipKey find(InetAddress group, NetworkInterface dev) {
        for (LinnetMembershipKey key : keys) {
            if (key.group().equals(group) && key.networkInterface().equals(dev)) {
                return key;
            }
        }
        return null;
    }

    /// Leaves.
    synchronized void drop(LinnetMembershipKey key) {
        if (!keys.remove(key)) {
            return;
        }
        InetAddress source = key.sourceAddress();
        call(
                key,
                source == null ? IpOpt.MCAST_LEAVE_GROUP : IpOpt.MCAST_LEAVE_SOURCE_GROUP,
                source);
        key.invalidate();
    }

    /// Refuses a source's datagrams, or wants them again.
    synchronized void block(LinnetMembershipKey key, InetAddress source, boolean block)
            throws SocketException {
        if (!key.isValid()) {
            throw new IllegalStateException("key is no longer valid");
        }
        if (block) {
            checkSource(key.group(), source);
        }
        int name = block ? IpOpt.MCAST_BLOCK_SOURCE : IpOpt.MCAST_UNBLOCK_SOURCE;
        set(key, name, source);
    }

    /// The channel is closed: it is in no group any more.
    synchronized void invalidate() {
        keys.forEach(LinnetMembershipKey::invalidate);
        keys.clear();
    }

    private void set(LinnetMembershipKey key, int name, @Nullable InetAddress source)
            throws SocketException {
        int err = call(key, name, source);
        if (err < 0) {
            throw new SocketException(Errno.message(err) + " (setsockopt failed)");
        }
    }

    /// An option whose value is `struct group_req`, or with a source `struct group_source_req`.
    private int call(LinnetMembershipKey key, int name, @Nullable InetAddress source) {
        boolean v4 = key.group() instanceof Inet4Address;
        int level = v4 ? Sol.SOL_IP : Sol.SOL_IPV6;
        byte[] request = new byte[8 + SockAddr.STORAGE_SIZE * (source == null ? 1 : 2)];
        Abi.putInt(request, 0, key.networkInterface().getIndex());
        int af = v4 ? Af.AF_INET : Af.AF_INET6;
        SocketAddresses.toStack(af, key.group(), 0).encode(request, 8);
        if (source != null) {
            SocketAddresses.toStack(af, source, 0).encode(request, 8 + SockAddr.STORAGE_SIZE);
        }
        return fd.quick(() -> fd.task().setsockopt(fd.fd(), level, name, request));
    }
}
