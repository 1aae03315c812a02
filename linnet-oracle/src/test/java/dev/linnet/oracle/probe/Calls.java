package dev.linnet.oracle.probe;

import dev.linnet.oracle.memory.Memory;
import dev.linnet.oracle.target.Syscall;
import dev.linnet.oracle.target.Target;
import dev.linnet.oracle.target.Worker;
import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// The socket calls of one process on a target, with values of Java; what each gave is written down.
final class Calls {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int STREAM = 1;
    static final int DGRAM = 2;
    static final int RAW = 3;
    static final int DONTWAIT = 0x40;
    static final int ERRQUEUE = 0x2000;

    private static final int ROOM = 1 << 17;
    private static final int SOCKET = Syscall.number("socket");
    private static final int BIND = Syscall.number("bind");
    private static final int CONNECT = Syscall.number("connect");
    private static final int LISTEN = Syscall.number("listen");
    private static final int ACCEPT = Syscall.number("accept");
    private static final int SHUTDOWN = Syscall.number("shutdown");
    private static final int CLOSE = Syscall.number("close");
    private static final int SENDMSG = Syscall.number("sendmsg");
    private static final int RECVMSG = Syscall.number("recvmsg");
    private static final int SETSOCKOPT = Syscall.number("setsockopt");
    private static final int GETSOCKOPT = Syscall.number("getsockopt");
    private static final int GETSOCKNAME = Syscall.number("getsockname");
    private static final int IOCTL = Syscall.number("ioctl");
    private static final int POLL = Syscall.number("poll");

    final Target target;
    private final Worker worker;
    private final Memory memory;
    private final long data;
    private final long name;
    private final long control;
    private final long message;
    private final List<String> log = new ArrayList<>();
    private final List<Integer> open = new ArrayList<>();

    Calls(Target target) {
        this.target = target;
        worker = target.main();
        memory = target.memory();
        data = memory.allocate(ROOM);
        name = memory.allocate(128);
        control = memory.allocate(4096);
        message = memory.allocate(128);
    }

    List<String> log() {
        return log;
    }

    void say(String line) {
        log.add(line);
    }

    private long call(int nr, long... args) {
        return worker.call(nr, Arrays.copyOf(args, 6));
    }

    // ---- sockets
    // -------------------------------------------------------------------------------------

    int socket(int family, int type, int protocol) {
        long fd = call(SOCKET, family, type, protocol);
        if (fd < 0) {
            throw new IllegalStateException("socket: " + fd);
        }
        open.add((int) fd);
        return (int) fd;
    }

    void closeAll() {
        open.forEach(fd -> call(CLOSE, fd));
        open.clear();
    }

    /// [#closeAll] passes it over.
    void keepOpen(int fd) {
        open.remove((Integer) fd);
    }

    long close(int fd) {
        open.remove((Integer) fd);
        return call(CLOSE, fd);
    }

    static byte[] bytes(int... ints) {
        ByteBuffer b = ByteBuffer.allocate(4 * ints.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(ints).forEach(b::putInt);
        return b.array();
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer b = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        Arrays.stream(parts).forEach(b::put);
        return b.array();
    }

    /// A socket address of either family.
    static byte[] address(String host, int port) {
        boolean v6 = host.contains(":");
        ByteBuffer b = ByteBuffer.allocate(v6 ? 28 : 16);
        b.put((byte) (v6 ? AF_INET6 : AF_INET)).put((byte) 0).putShort((short) port);
        if (v6) {
            In6Addr a = In6Addr.parse(host);
            b.putInt(0).putLong(a.hi()).putLong(a.lo());
        } else {
            b.putInt(In4Addr.parse(host));
        }
        return b.array();
    }

    long bind(int fd, String host, int port) {
        byte[] a = address(host, port);
        memory.write(name, a);
        return call(BIND, fd, name, a.length);
    }

    long connect(int fd, String host, int port) {
        return connect(fd, address(host, port));
    }

    long connect(int fd, byte[] a) {
        memory.write(name, a);
        return call(CONNECT, fd, name, a.length);
    }

    long disconnect(int fd) {
        memory.write(name, new byte[16]);
        return call(CONNECT, fd, name, 16);
    }

    long listen(int fd, int backlog) {
        return call(LISTEN, fd, backlog);
    }

    int accept(int fd) {
        long r = call(ACCEPT, fd, 0, 0);
        if (r >= 0) {
            open.add((int) r);
        }
        return (int) r;
    }

    long shutdown(int fd, int how) {
        return call(SHUTDOWN, fd, how);
    }

    int port(int fd) {
        memory.write(name, new byte[64]);
        memory.write(message, bytes(64));
        call(GETSOCKNAME, fd, name, message);
        byte[] b = memory.read(name, 4);
        return (b[2] & 0xFF) << 8 | b[3] & 0xFF;
    }

    /// A connection: the client's end and the server's.
    int[] connection(String host) {
        int family = host.contains(":") ? AF_INET6 : AF_INET;
        int listener = socket(family, STREAM, 0);
        bind(listener, host, 0);
        listen(listener, 5);
        int client = socket(family, STREAM, 0);
        long err = connect(client, host, port(listener));
        int server = accept(listener);
        if (err < 0 || server < 0) {
            throw new IllegalStateException("no connection: " + err + " " + server);
        }
        close(listener);
        return new int[] {client, server};
    }

    // ---- options
    // -------------------------------------------------------------------------------------

    long set(int fd, int level, int option, byte[] value) {
        memory.write(data, value);
        return call(SETSOCKOPT, fd, level, option, data, value.length);
    }

    long set(int fd, int level, int option, int... values) {
        return set(fd, level, option, bytes(values));
    }

    /// What `getsockopt` gives: the errno, or the length and the bytes of the value.
    String get(int fd, int level, int option, byte[] before, int length) {
        memory.write(data, before);
        memory.write(message, bytes(length));
        long err = call(GETSOCKOPT, fd, level, option, data, message);
        int n = ByteBuffer.wrap(memory.read(message, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (err < 0) {
            return err + (n == length ? "" : " length " + n);
        }
        byte[] after = memory.read(data, before.length);
        int last = after.length;
        while (last > 0 && after[last - 1] == before[last - 1]) {
            last--;
        }
        int shown = Math.clamp(Math.max(n, last), 0, before.length);
        return n + ":" + hex(Arrays.copyOf(after, shown));
    }

    String get(int fd, int level, int option) {
        return get(fd, level, option, new byte[64], 64);
    }

    static String hex(byte[] b) {
        return HexFormat.of().formatHex(b);
    }

    // ---- messages
    // ------------------------------------------------------------------------------------

    static byte[] cmsg(int level, int type, byte[] value) {
        int space = value.length + 7 & ~7;
        ByteBuffer b = ByteBuffer.allocate(16 + space).order(ByteOrder.LITTLE_ENDIAN);
        return b.putLong(16 + value.length).putInt(level).putInt(type).put(value).array();
    }

    private void header(int nameLength, int dataLength, long controlAt, int controlLength) {
        ByteBuffer b = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(nameLength == 0 ? 0 : name).putLong(nameLength);
        b.putLong(message + 56).putLong(1).putLong(controlAt).putLong(controlLength);
        b.putLong(0).putLong(data).putLong(dataLength);
        memory.write(message, b.array());
    }

    long send(int fd, String text, int flags) {
        return send(fd, text.getBytes(StandardCharsets.UTF_8), new byte[0], new byte[0], flags);
    }

    long sendTo(int fd, String text, String host, int port, int flags) {
        byte[] to = address(host, port);
        return send(fd, text.getBytes(StandardCharsets.UTF_8), to, new byte[0], flags);
    }

    long send(int fd, byte[] bytes, byte[] to, byte[] cmsgs, int flags) {
        memory.write(data, bytes);
        memory.write(name, to);
        long at = control + 4096 - cmsgs.length; // right before the end of the memory
        memory.write(at, cmsgs);
        header(to.length, bytes.length, cmsgs.length == 0 ? 0 : at, cmsgs.length);
        return call(SENDMSG, fd, message, flags);
    }

    String receive(int fd, int room, int controlRoom, int flags) {
        memory.write(data, new byte[Math.min(ROOM, room + 16)]);
        memory.write(name, new byte[128]);
        memory.write(control, new byte[4096]);
        header(128, room, controlRoom == 0 ? 0 : control, controlRoom);
        long n = call(RECVMSG, fd, message, flags);
        ByteBuffer h = ByteBuffer.wrap(memory.read(message, 56)).order(ByteOrder.LITTLE_ENDIAN);
        if (n < 0) {
            return "" + n;
        }
        String text = text(memory.read(data, (int) Math.min(n, room)));
        int controlLength = (int) h.getLong(40);
        return n
                + " '"
                + text
                + "' from "
                + nameOf(h.getInt(8))
                + " flags "
                + Integer.toHexString(h.getInt(48))
                + " control "
                + controlLength
                + cmsgs(controlLength);
    }

    private static String text(byte[] b) {
        if (b.length > 64) {
            return b.length + " bytes, sum " + Arrays.hashCode(b);
        }
        StringBuilder s = new StringBuilder();
        if (b.length > 30 && b[12] == 8 && b[13] == 0 && b[14] == 0x45) {
            b[18] = b[19] = b[24] = b[25] = '#'; // the same behind an Ethernet header
        }
        boolean header = b.length > 5 && (b[0] == 0x45 || b[0] == 0x46) && b[2] == 0;
        for (int at : header ? new int[] {4, 5, 10, 11} : new int[0]) {
            b[Math.min(at, b.length - 1)] = '#'; // a raw socket's: identification and checksum
        }
        for (byte c : b) {
            s.append(c >= 32 && c < 127 ? "" + (char) c : String.format(Locale.ROOT, "\\%02x", c));
        }
        return s.toString();
    }

    /// Ports above 1023 are whatever the kernel chose.
    private String nameOf(int length) {
        byte[] b = memory.read(name, Math.clamp(length, 0, 128));
        if (b.length >= 4 && ((b[2] & 0xFF) << 8 | b[3] & 0xFF) > 10000) {
            b[2] = 0x7F;
            b[3] = 0x7F;
        }
        return length + ":" + hex(b);
    }

    private String cmsgs(int length) {
        StringBuilder out = new StringBuilder();
        byte[] all = memory.read(control, Math.clamp(length, 0, 4096));
        ByteBuffer b = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at + 16 <= length) {
            long len = b.getLong(at);
            int level = b.getInt(at + 8);
            int type = b.getInt(at + 12);
            out.append(" (").append(level).append(' ').append(type).append(' ').append(len);
            int bytes = Math.clamp(len - 16, 0, length - at - 16);
            byte[] value = Arrays.copyOfRange(all, at + 16, at + 16 + bytes);
            boolean time = level == 1 && List.of(29, 35, 37, 63, 64, 65).contains(type);
            boolean stats = level == 1 && type == 54;
            String shown = time ? stamps(value) : stats ? attributes(value) : hex(value);
            out.append(' ').append(shown).append(')');
            at += len < 16 ? 16 : (int) Math.min(len + 7 & ~7L, 4096);
        }
        return out.toString();
    }

    /// Numbers and lengths of Netlink attributes; what they say depends on the time.
    private static String attributes(byte[] value) {
        StringBuilder s = new StringBuilder();
        for (int at = 0; at + 4 <= value.length && value[at] >= 4; at += value[at] + 3 & ~3) {
            s.append(value[at + 2]).append('/').append(value[at]).append(' ');
        }
        return s.toString();
    }

    /// Which of the stamps are there.
    private static String stamps(byte[] value) {
        StringBuilder s = new StringBuilder("t");
        ByteBuffer b = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        while (b.remaining() >= 16) {
            s.append(b.getLong() != 0 ? '1' : '0');
            b.getLong();
        }
        return s.append(b.remaining()).toString();
    }

    // ---- the rest
    // ------------------------------------------------------------------------------------

    String poll(int fd, int events) {
        memory.write(message, bytes(fd, events));
        long n = call(POLL, message, 1, 0);
        byte[] b = memory.read(message, 8);
        return n + "/" + Integer.toHexString((b[6] & 0xFF) | (b[7] & 0xFF) << 8);
    }

    String ioctl(int fd, int command) {
        memory.write(message, bytes(-1));
        long r = call(IOCTL, fd, command, message);
        return r
                + "/"
                + ByteBuffer.wrap(memory.read(message, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    long sysctl(String knob, String value) {
        return target.sysctl(worker, knob, value);
    }

    void becomeUser(int uid) {
        worker.becomeUser(uid);
    }

    void sleep(int millis) {
        target.sleep(millis);
    }

    /// Memory for a structure that a value points to.
    long keep(byte[] bytes) {
        long at = memory.allocate(Math.max(bytes.length, 1));
        memory.write(at, bytes);
        return at;
    }
}
