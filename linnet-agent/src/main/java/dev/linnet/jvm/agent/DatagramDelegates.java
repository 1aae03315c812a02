package dev.linnet.jvm.agent;

import dev.linnet.jvm.JvmHost;
import dev.linnet.jvm.net.LinnetDatagramSocketImpl;
import dev.linnet.jvm.nio.LinnetSelectorProvider;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.net.DatagramSocket;
import java.net.DatagramSocketImpl;
import java.net.MulticastSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/// What a new `DatagramSocket` or `MulticastSocket` hands its calls to: the socket of a channel of Linnet's.
///
/// A program's own factory of such sockets is left in its place.
final class DatagramDelegates {
    private final Field factory;
    private final Object noDelegate;
    private final Constructor<?> newMulticastSocket;

    /// Made at first use.
    private static final class Holder {
        static final DatagramDelegates ONE = make();

        private static DatagramDelegates make() {
            try {
                return new DatagramDelegates();
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    static DatagramDelegates get() {
        return Holder.ONE;
    }

    private DatagramDelegates() throws ReflectiveOperationException {
        factory = open(DatagramSocket.class.getDeclaredField("factory"));
        noDelegate = open(DatagramSocket.class.getDeclaredField("NO_DELEGATE")).get(null);
        newMulticastSocket =
                open(
                        Class.forName("java.net.NetMulticastSocket")
                                .getDeclaredConstructor(DatagramSocketImpl.class));
    }

    private static <T extends AccessibleObject> T open(T member) {
        member.setAccessible(true);
        return member;
    }

    /// A socket that is bound, unless `local` is null; null if the JDK is to make it.
    ///
    /// @param type [DatagramSocket] or [MulticastSocket]
    @Nullable DatagramSocket make(JvmHost host, @Nullable SocketAddress local, Class<?> type)
            throws SocketException {
        boolean none = local != null && noDelegate.equals(local);
        try {
            return none || factory.get(null) != null ? null : open(host, local, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("java.net is not as it was", e);
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw new SocketException(e.getMessage(), e);
        }
    }

    private DatagramSocket open(JvmHost host, @Nullable SocketAddress local, Class<?> type)
            throws IOException, ReflectiveOperationException {
        boolean multicast = type == MulticastSocket.class;
        DatagramSocket made =
                multicast
                        ? (DatagramSocket)
                                newMulticastSocket.newInstance(new LinnetDatagramSocketImpl(host))
                        : new LinnetSelectorProvider(host).openDatagramSocket();
        boolean done = false;
        try {
            if (multicast) {
                made.setReuseAddress(true);
            }
            if (local != null) {
                made.bind(local);
            }
            made.setBroadcast(true);
            done = true;
        } finally {
            if (!done) {
                made.close();
            }
        }
        return made;
    }
}
