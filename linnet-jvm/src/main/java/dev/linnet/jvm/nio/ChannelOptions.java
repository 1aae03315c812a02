package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Objects;

/// What every channel checks before it sets or gets an option.
final class ChannelOptions {
    private ChannelOptions() {}

    static <T> void check(NetworkChannel channel, SocketOption<T> name, T value) {
        check(channel, name);
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }

    static void check(NetworkChannel channel, SocketOption<?> name) {
        Objects.requireNonNull(name);
        if (!channel.supportedOptions().contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the table has the type; no interface is null
    static <T> T get(SocketFd fd, int family, SocketOption<T> name) throws IOException {
        return (T) SocketOptionTable.get(fd, family, name);
    }
}
