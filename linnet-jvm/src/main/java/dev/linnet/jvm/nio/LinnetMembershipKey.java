package dev.linnet.jvm.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.nio.channels.MulticastChannel;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A channel's membership in a multicast group. Its monitor guards the blocked sources.
final class LinnetMembershipKey extends MembershipKey {
    private final LinnetDatagramChannel channel;
    private final InetAddress group;
    private final NetworkInterface dev;
    private final @Nullable InetAddress source;
    private final Set<InetAddress> blocked = new HashSet<>();
    private volatile boolean valid = true;

    LinnetMembershipKey(
            LinnetDatagramChannel channel,
            InetAddress group,
            NetworkInterface dev,
            @Nullable InetAddress source) {
        this.channel = channel;
        this.group = group;
        this.dev = dev;
        this.source = source;
    }

    void invalidate() {
        valid = false;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public void drop() {
        channel.memberships().drop(this);
    }

    @Override
    public synchronized MembershipKey block(InetAddress toBlock) throws IOException {
        if (source != null) {
            throw new IllegalStateException("key is source-specific");
        }
        if (!blocked.contains(toBlock)) {
            channel.memberships().block(this, toBlock, true);
            blocked.add(toBlock);
        }
        return this;
    }

    @Override
    public synchronized MembershipKey unblock(InetAddress toUnblock) {
        if (!blocked.contains(toUnblock)) {
            throw new IllegalStateException("not blocked");
        }
        try {
            channel.memberships().block(this, toUnblock, false);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        blocked.remove(toUnblock);
        return this;
    }

    @Override
    public MulticastChannel channel() {
        return channel;
    }

    @Override
    public InetAddress group() {
        return group;
    }

    @Override
    public NetworkInterface networkInterface() {
        return dev;
    }

    @Override
    public @Nullable InetAddress sourceAddress() {
        return source;
    }

    @Override
    public String toString() {
        String text = "<" + group.getHostAddress() + "," + dev.getName();
        return source == null ? text + ">" : text + "," + source.getHostAddress() + ">";
    }
}
