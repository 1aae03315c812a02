package dev.linnet.jvm.net;

import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.Map;

/// The options that have numbers ([SocketOptions]), with the checks and messages of the JDK.
///
/// Those that are not of the stack (`SO_TIMEOUT`, `SO_BINDADDR`) belong to the sockets themselves.
final class LegacyOptions {
    private record Row(String name, SocketOption<?> option) {}

    private static final Map<Integer, Row> ROWS =
            Map.of(
                    SocketOptions.SO_LINGER,
                    new Row("SO_LINGER", StandardSocketOptions.SO_LINGER),
                    SocketOptions.IP_TOS,
                    new Row("IP_TOS", StandardSocketOptions.IP_TOS),
                    SocketOptions.TCP_NODELAY,
                    new Row("TCP_NODELAY", StandardSocketOptions.TCP_NODELAY),
                    SocketOptions.SO_SNDBUF,
                    new Row("SO_SNDBUF", StandardSocketOptions.SO_SNDBUF),
                    SocketOptions.SO_RCVBUF,
                    new Row("SO_RCVBUF", StandardSocketOptions.SO_RCVBUF),
                    SocketOptions.SO_KEEPALIVE,
                    new Row("SO_KEEPALIVE", StandardSocketOptions.SO_KEEPALIVE),
                    SocketOptions.SO_OOBINLINE,
                    new Row("SO_OOBINLINE", SocketOptionTable.SO_OOBINLINE),
                    SocketOptions.SO_REUSEADDR,
                    new Row("SO_REUSEADDR", StandardSocketOptions.SO_REUSEADDR),
                    SocketOptions.SO_REUSEPORT,
                    new Row("SO_REUSEPORT", StandardSocketOptions.SO_REUSEPORT),
                    SocketOptions.SO_BROADCAST,
                    new Row("SO_BROADCAST", StandardSocketOptions.SO_BROADCAST));

    private LegacyOptions() {}

    /// Sets an option of the stack.
    static void set(SocketFd fd, int family, int number, Object value) throws SocketException {
        Row row = row(number);
        try {
            SocketOptionTable.set(fd, family, row.option, checked(row, value));
        } catch (IllegalArgumentException | IOException e) {
            throw asSocketException(e);
        }
    }

    /// Reads an option of the stack; `SO_LINGER` is `false` while it is off.
    static Object get(SocketFd fd, int family, int number) throws SocketException {
        try {
            Object value = SocketOptionTable.get(fd, family, row(number).option);
            assert value != null;
            return number == SocketOptions.SO_LINGER && (int) value == -1 ? false : value;
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    /// Sets an option of a datagram socket.
    @SuppressWarnings("unchecked") // the value has been checked against the option's type
    static void set(DatagramSocket socket, int number, Object value) throws IOException {
        Row row = row(number);
        socket.setOption((SocketOption<Object>) row.option, checked(row, value));
    }

    /// Reads an option of a datagram socket.
    static Object get(DatagramSocket socket, int number) throws IOException {
        return socket.getOption(row(number).option);
    }

    /// A value that has to be a number.
    static int intValue(Object value, String name) throws SocketException {
        if (value instanceof Integer number) {
            return number;
        }
        throw new SocketException("Bad value for " + name);
    }

    private static Row row(int number) throws SocketException {
        Row row = ROWS.get(number);
        if (row == null) {
            throw new SocketException("Unknown option " + number);
        }
        return row;
    }

    private static Object checked(Row row, Object value) throws SocketException {
        if (row.option.type() == Boolean.class) {
            if (value instanceof Boolean) {
                return value;
            }
            throw new SocketException("Bad value for " + row.name);
        }
        if (row.option == StandardSocketOptions.SO_LINGER && Boolean.FALSE.equals(value)) {
            return -1;
        }
        int number = intValue(value, row.name);
        boolean buffer =
                row.option == StandardSocketOptions.SO_SNDBUF
                        || row.option == StandardSocketOptions.SO_RCVBUF;
        if (buffer && number <= 0) {
            throw new SocketException(row.name + " <= 0");
        }
        return number;
    }

    private static SocketException asSocketException(Exception e) {
        return e instanceof SocketException se ? se : new SocketException(e.getMessage());
    }
}
