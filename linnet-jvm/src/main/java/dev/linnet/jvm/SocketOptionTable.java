package dev.linnet.jvm;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.IpOpt;
import dev.linnet.uapi.Ipv6Opt;
import dev.linnet.uapi.Linger;
import dev.linnet.uapi.So;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.Ucred;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/// The JDK's socket options and where they are in the stack, with the ranges that the JDK allows.
///
/// Each row says how a value becomes an option of Linux's; rows of IP have one for each family, and on an AF_INET6
/// socket that speaks IPv4 too both are set.
public final class SocketOptionTable {
    /// Sun's internal option for urgent data in the stream; programs reach it through `Socket.setOOBInline`.
    public static final SocketOption<Boolean> SO_OOBINLINE =
            new Internal<>("SO_OOBINLINE", Boolean.class);

    private record Internal<T>(String name, Class<T> type) implements SocketOption<T> {
        @Override
        public String toString() {
            return name;
        }
    }

    /// What a value of Java's is in the stack.
    private enum Kind {
        BOOLEAN,
        NUMBER,
        BUFFER,
        LINGER,
        INTERFACE,
        DONT_FRAGMENT,
        PEER
    }

    /// An option: where it is on AF_INET and, if that differs, on AF_INET6 sockets.
    private record Row(Kind kind, int level, int name, int level6, int name6) {
        Row(Kind kind, int level, int name) {
            this(kind, level, name, level, name);
        }

        static Row ip(Kind kind, int name, int name6) {
            return new Row(kind, Sol.SOL_IP, name, Sol.SOL_IPV6, name6);
        }

        boolean differs() {
            return level != level6;
        }
    }

    /// The longest value, a `struct ucred`.
    private static final int SIZE_MAX = Ucred.SIZE;

    private static final Map<SocketOption<?>, Row> ROWS = rows();

    private static final Set<SocketOption<?>> STREAM =
            Set.of(
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_KEEPALIVE,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_LINGER,
                    StandardSocketOptions.TCP_NODELAY,
                    StandardSocketOptions.IP_TOS,
                    SO_OOBINLINE,
                    ExtendedSocketOptions.TCP_QUICKACK,
                    ExtendedSocketOptions.TCP_KEEPCOUNT,
                    ExtendedSocketOptions.TCP_KEEPIDLE,
                    ExtendedSocketOptions.TCP_KEEPINTERVAL,
                    ExtendedSocketOptions.SO_INCOMING_NAPI_ID);

    private static final Set<SocketOption<?>> LISTENER =
            Set.of(
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    ExtendedSocketOptions.TCP_QUICKACK,
                    ExtendedSocketOptions.TCP_KEEPCOUNT,
                    ExtendedSocketOptions.TCP_KEEPIDLE,
                    ExtendedSocketOptions.TCP_KEEPINTERVAL,
                    ExtendedSocketOptions.SO_INCOMING_NAPI_ID);

    private static final Set<SocketOption<?>> DATAGRAM =
            Set.of(
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_BROADCAST,
                    StandardSocketOptions.IP_TOS,
                    StandardSocketOptions.IP_MULTICAST_IF,
                    StandardSocketOptions.IP_MULTICAST_TTL,
                    StandardSocketOptions.IP_MULTICAST_LOOP,
                    ExtendedSocketOptions.SO_INCOMING_NAPI_ID,
                    ExtendedSocketOptions.IP_DONTFRAGMENT);

    private static final Set<SocketOption<?>> UNIX_STREAM =
            Set.of(
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_LINGER,
                    ExtendedSocketOptions.SO_PEERCRED);

    private static final Set<SocketOption<?>> UNIX_LISTENER =
            Set.of(StandardSocketOptions.SO_RCVBUF);

    private SocketOptionTable() {}

    private static Map<SocketOption<?>, Row> rows() {
        Map<SocketOption<?>, Row> rows = new HashMap<>();
        int so = Sol.SOL_SOCKET;
        rows.put(StandardSocketOptions.SO_BROADCAST, new Row(Kind.BOOLEAN, so, So.SO_BROADCAST));
        rows.put(StandardSocketOptions.SO_KEEPALIVE, new Row(Kind.BOOLEAN, so, So.SO_KEEPALIVE));
        rows.put(StandardSocketOptions.SO_REUSEADDR, new Row(Kind.BOOLEAN, so, So.SO_REUSEADDR));
        rows.put(StandardSocketOptions.SO_REUSEPORT, new Row(Kind.BOOLEAN, so, So.SO_REUSEPORT));
        rows.put(StandardSocketOptions.SO_SNDBUF, new Row(Kind.BUFFER, so, So.SO_SNDBUF));
        rows.put(StandardSocketOptions.SO_RCVBUF, new Row(Kind.BUFFER, so, So.SO_RCVBUF));
        rows.put(StandardSocketOptions.SO_LINGER, new Row(Kind.LINGER, so, So.SO_LINGER));
        rows.put(SO_OOBINLINE, new Row(Kind.BOOLEAN, so, So.SO_OOBINLINE));
        rows.put(
                ExtendedSocketOptions.SO_INCOMING_NAPI_ID,
                new Row(Kind.NUMBER, so, So.SO_INCOMING_NAPI_ID));
        rows.put(ExtendedSocketOptions.SO_PEERCRED, new Row(Kind.PEER, so, So.SO_PEERCRED));
        tcpRows(rows);
        ipRows(rows);
        return rows;
    }

    private static void tcpRows(Map<SocketOption<?>, Row> rows) {
        int tcp = Sol.SOL_TCP;
        rows.put(StandardSocketOptions.TCP_NODELAY, new Row(Kind.BOOLEAN, tcp, TcpOpt.TCP_NODELAY));
        rows.put(
                ExtendedSocketOptions.TCP_QUICKACK,
                new Row(Kind.BOOLEAN, tcp, TcpOpt.TCP_QUICKACK));
        rows.put(
                ExtendedSocketOptions.TCP_KEEPCOUNT, new Row(Kind.NUMBER, tcp, TcpOpt.TCP_KEEPCNT));
        rows.put(
                ExtendedSocketOptions.TCP_KEEPIDLE, new Row(Kind.NUMBER, tcp, TcpOpt.TCP_KEEPIDLE));
        rows.put(
                ExtendedSocketOptions.TCP_KEEPINTERVAL,
                new Row(Kind.NUMBER, tcp, TcpOpt.TCP_KEEPINTVL));
    }

    private static void ipRows(Map<SocketOption<?>, Row> rows) {
        rows.put(
                StandardSocketOptions.IP_TOS,
                Row.ip(Kind.NUMBER, IpOpt.IP_TOS, Ipv6Opt.IPV6_TCLASS));
        rows.put(
                StandardSocketOptions.IP_MULTICAST_TTL,
                Row.ip(Kind.NUMBER, IpOpt.IP_MULTICAST_TTL, Ipv6Opt.IPV6_MULTICAST_HOPS));
        rows.put(
                StandardSocketOptions.IP_MULTICAST_LOOP,
                Row.ip(Kind.BOOLEAN, IpOpt.IP_MULTICAST_LOOP, Ipv6Opt.IPV6_MULTICAST_LOOP));
        rows.put(
                StandardSocketOptions.IP_MULTICAST_IF,
                Row.ip(Kind.INTERFACE, IpOpt.IP_MULTICAST_IF, Ipv6Opt.IPV6_MULTICAST_IF));
        rows.put(
                ExtendedSocketOptions.IP_DONTFRAGMENT,
                Row.ip(Kind.DONT_FRAGMENT, IpOpt.IP_MTU_DISCOVER, Ipv6Opt.IPV6_MTU_DISCOVER));
    }

    // ---- which there are
    // ----------------------------------------------------------------------------

    /// Those of a connection.
    public static Set<SocketOption<?>> stream() {
        return STREAM;
    }

    /// Those of a socket that listens.
    public static Set<SocketOption<?>> listener() {
        return LISTENER;
    }

    /// Those of a datagram socket.
    public static Set<SocketOption<?>> datagram() {
        return DATAGRAM;
    }

    /// Those of a UNIX-domain connection.
    public static Set<SocketOption<?>> unixStream() {
        return UNIX_STREAM;
    }

    /// Those of a UNIX-domain socket that listens.
    public static Set<SocketOption<?>> unixListener() {
        return UNIX_LISTENER;
    }

    // ---- set
    // ------------------------------------------------------------------------------------------

    /// Sets an option that [#stream] and its kin name, to a value of its type.
    ///
    /// @param family of the socket, `AF_*`
    /// @throws IllegalArgumentException for a value that the JDK does not allow
    /// @throws SocketException if the stack does not take it
    public static void set(SocketFd fd, int family, SocketOption<?> option, @Nullable Object value)
            throws IOException {
        if (value == null) {
            throw new IllegalArgumentException("Invalid option value");
        }
        check(option, value);
        Row row = row(option);
        if (family == Af.AF_INET6) {
            SocketErrors.check(setsockopt(fd, row.level6, row.name6, encode(row, value)));
        }
        if (family != Af.AF_INET6) {
            SocketErrors.check(setsockopt(fd, row.level, row.name, encodeV4(row, value)));
        } else if (row.differs() && (row.kind != Kind.INTERFACE || v4Of(value) != 0)) {
            setsockopt(fd, row.level, row.name, encodeV4(row, value)); // if it speaks IPv4 too
        }
    }

    private static int setsockopt(SocketFd fd, int level, int name, byte[] value) {
        return fd.quick(() -> fd.task().setsockopt(fd.fd(), level, name, value));
    }

    private static Row row(SocketOption<?> option) {
        Row row = ROWS.get(option);
        if (row == null) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
        return row;
    }

    private static void check(SocketOption<?> option, Object value) throws SocketException {
        if (option == StandardSocketOptions.SO_RCVBUF
                || option == StandardSocketOptions.SO_SNDBUF) {
            require((int) value >= 0, "Invalid send/receive buffer size");
        } else if (option == StandardSocketOptions.IP_TOS) {
            require((int) value >= 0 && (int) value <= 255, "Invalid IP_TOS value");
        } else if (option == StandardSocketOptions.IP_MULTICAST_TTL) {
            require((int) value >= 0 && (int) value <= 255, "Invalid TTL/hop value");
        } else if (option == ExtendedSocketOptions.SO_INCOMING_NAPI_ID) {
            throw new SocketException("Attempt to set read only option " + option.name());
        } else if (option == ExtendedSocketOptions.SO_PEERCRED) {
            throw new SocketException("SO_PEERCRED cannot be set ");
        }
    }

    private static void require(boolean ok, String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }

    private static byte[] encode(Row row, Object value) throws IOException {
        return switch (row.kind) {
            case BOOLEAN -> number((boolean) value ? 1 : 0);
            case NUMBER -> number((int) value);
            // The JDK never asks for less than 1024 bytes of receive buffer.
            case BUFFER ->
                    number(row.name == So.SO_RCVBUF ? Math.max((int) value, 1024) : (int) value);
            case LINGER -> linger((int) value);
            case INTERFACE -> number(indexOf((NetworkInterface) value));
            case DONT_FRAGMENT ->
                    number((boolean) value ? IpOpt.IP_PMTUDISC_DO : IpOpt.IP_PMTUDISC_DONT);
            case PEER -> throw new SocketException("SO_PEERCRED cannot be set ");
        };
    }

    private static int indexOf(NetworkInterface dev) throws IOException {
        int index = dev.getIndex();
        if (index == -1) {
            throw new IOException("Network interface cannot be identified");
        }
        return index;
    }

    /// IPv4 wants an interface as a `struct ip_mreqn`: no group, an address of the interface, its index.
    private static byte[] encodeV4(Row row, Object value) throws IOException {
        if (row.kind != Kind.INTERFACE) {
            return encode(row, value);
        }
        int address = v4Of(value);
        if (address == 0) {
            throw new IOException("Network interface not configured for IPv4");
        }
        byte[] mreqn = new byte[12];
        Abi.putIntBe(mreqn, 4, address);
        Abi.putInt(mreqn, 8, indexOf((NetworkInterface) value));
        return mreqn;
    }

    /// The first IPv4 address of an interface, 0 if it has none.
    private static int v4Of(Object dev) {
        return ((NetworkInterface) dev)
                .inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .map(address -> Abi.getIntBe(address.getAddress(), 0))
                .orElse(0);
    }

    private static byte[] linger(int seconds) {
        byte[] raw = new byte[Linger.SIZE];
        new Linger(seconds < 0 ? 0 : 1, Math.clamp(seconds, 0, 65535)).encode(raw, 0);
        return raw;
    }

    private static byte[] number(int value) {
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, value);
        return raw;
    }

    // ---- get
    // ------------------------------------------------------------------------------------------

    /// The value of an option that [#stream] and its kin name; null for an interface that nobody has set.
    ///
    /// @param family of the socket, `AF_*`
    public static @Nullable Object get(SocketFd fd, int family, SocketOption<?> option)
            throws IOException {
        Row row = row(option);
        boolean v6 = family == Af.AF_INET6;
        byte[] raw = new byte[SIZE_MAX];
        int level = v6 ? row.level6 : row.level;
        int name = v6 ? row.name6 : row.name;
        SocketErrors.check(fd.quick(() -> fd.task().getsockopt(fd.fd(), level, name, raw)));
        int number = Abi.getInt(raw, 0);
        return switch (row.kind) {
            case BOOLEAN -> number != 0;
            case NUMBER -> number;
            case BUFFER -> number / 2; // Linux doubles it
            case LINGER -> number == 0 ? -1 : Linger.decode(raw, 0).seconds();
            case INTERFACE -> v6 ? byIndex(number) : byAddress(Abi.getIntBe(raw, 0));
            case DONT_FRAGMENT -> number == IpOpt.IP_PMTUDISC_DO;
            case PEER -> principal(Ucred.read(raw, 0));
        };
    }

    private static @Nullable NetworkInterface byIndex(int index) throws IOException {
        return index == 0 ? null : found(NetworkInterface.getByIndex(index), "index");
    }

    private static @Nullable NetworkInterface byAddress(int address) throws IOException {
        if (address == 0) {
            return null;
        }
        return found(NetworkInterface.getByInetAddress(SocketAddresses.ofV4(address)), "address");
    }

    private static NetworkInterface found(@Nullable NetworkInterface dev, String by)
            throws IOException {
        if (dev == null) {
            throw new IOException("Unable to map " + by + " to interface");
        }
        return dev;
    }

    private static UnixDomainPrincipal principal(Ucred cred) throws IOException {
        if (cred.uid() == -1) {
            throw new SocketException("get SO_PEERCRED failed"); // there is no peer
        }
        UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
        return new UnixDomainPrincipal(
                names.lookupPrincipalByName(nameOf(cred.uid())),
                names.lookupPrincipalByGroupName(nameOf(cred.gid())));
    }

    /// The name of a user or group of the stack, who has no list of them.
    private static String nameOf(int id) {
        return id == 0 ? "root" : Integer.toUnsignedString(id);
    }
}
