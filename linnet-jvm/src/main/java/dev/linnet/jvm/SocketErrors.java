package dev.linnet.jvm;

import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;

/// The JDK's exceptions for errors of the stack, with the messages that it gives for the same errno.
public final class SocketErrors {
    private SocketErrors() {}

    /// For a call that makes, binds or connects a socket or reads or sets what it is.
    ///
    /// @param err the errno, negated or not
    public static SocketException of(int err) {
        String message = Errno.message(err);
        return switch (Math.abs(err)) {
            case Errno.ECONNREFUSED, Errno.ETIMEDOUT, Errno.ENOTCONN ->
                    new ConnectException(message);
            case Errno.EHOSTUNREACH -> new NoRouteToHostException(message);
            case Errno.EADDRINUSE, Errno.EADDRNOTAVAIL, Errno.EACCES -> new BindException(message);
            default -> new SocketException(message);
        };
    }

    /// The same for `connect`, which may also end in an error of the protocol.
    public static IOException ofConnect(int err) {
        return Math.abs(err) == Errno.EPROTO ? new ProtocolException(Errno.message(err)) : of(err);
    }

    /// For a call that gives data.
    public static IOException ofSend(int err) {
        return new IOException(Errno.message(err));
    }

    /// For a call that takes data.
    public static IOException ofReceive(int err) {
        return Math.abs(err) == Errno.ECONNRESET
                ? new SocketException("Connection reset")
                : new IOException(Errno.message(err));
    }

    /// The result of a call of [#of]'s kind if it is at least 0.
    public static int check(int result) throws SocketException {
        if (result < 0) {
            throw of(result);
        }
        return result;
    }
}
