package dev.linnet.jvm.nio;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/// What a channel's exception becomes in `java.net`.
final class AdaptorErrors {
    /// A call on a channel.
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    private AdaptorErrors() {}

    /// Makes a call whose exceptions are to be those of sockets; an `IOException` is good as it is.
    static <T> T socket(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (RuntimeException e) {
            String message = message(e);
            if (message == null) {
                throw e;
            }
            throw because(new SocketException(message), e);
        }
    }

    /// The same where nothing but a `SocketException` may be thrown for an `IOException`.
    static <T> T option(Call<T> call) throws SocketException {
        try {
            return call.run();
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            String message = message(e);
            throw because(new SocketException(message == null ? e.getMessage() : message), e);
        } catch (RuntimeException e) {
            String message = message(e);
            if (message == null) {
                throw e;
            }
            throw because(new SocketException(message), e);
        }
    }

    private static SocketException because(SocketException e, Exception cause) {
        e.initCause(cause);
        return e;
    }

    private static @org.jspecify.annotations.Nullable String message(Exception e) {
        return switch (e) {
            case ClosedChannelException _ -> "Socket is closed";
            case NotYetConnectedException _ -> "Socket is not connected";
            case AlreadyBoundException _ -> "Already bound";
            case AlreadyConnectedException _ -> "Already connected";
            case NotYetBoundException _ -> "Socket is not bound yet";
            case UnsupportedAddressTypeException _ -> "Unsupported address type";
            case UnresolvedAddressException _ -> "Unresolved address";
            case IllegalBlockingModeException _ -> null;
            default -> null;
        };
    }
}
