package dev.linnet.oracle.probe;

import java.util.List;

/// Errors that are queued and errors that are pending: what comes of a closed port, of a datagram that
/// is too long, and of the times of sent packets.
final class ErrorQueueProbe {
    private static final int SO_ERROR = 4;
    private static final int SO_TIMESTAMPING = 37;

    private ErrorQueueProbe() {}

    private static String hostOf(String kind) {
        return kind.endsWith("4") ? "127.0.0.1" : kind.endsWith("6") ? "::1" : "::ffff:127.0.0.1";
    }

    private static int udp(Calls c, String kind) {
        return c.socket(kind.endsWith("4") ? Calls.AF_INET : Calls.AF_INET6, Calls.DGRAM, 0);
    }

    private static void recverr(Calls c, int fd, int on) {
        c.set(fd, 0, 11, on);
        c.set(fd, 41, 25, on);
    }

    private static String state(Calls c, int fd) {
        return c.poll(fd, 0xFF) + " error " + c.get(fd, 1, SO_ERROR, new byte[4], 4);
    }

    private static String queued(Calls c, int fd, int room, int control) {
        return c.receive(fd, room, control, Calls.ERRQUEUE | Calls.DONTWAIT);
    }

    static void closedPorts(Calls c) {
        for (String kind : List.of("udp4", "udp6", "udpm")) {
            for (int mode = 0; mode < 16; mode++) {
                int fd = udp(c, kind);
                String host = hostOf(kind);
                c.bind(fd, host, 7100);
                boolean connected = (mode & 1) != 0;
                if (connected) {
                    c.connect(fd, host, 7101);
                }
                recverr(c, fd, mode >> 1 & 1);
                if ((mode & 4) != 0) {
                    c.set(fd, 0, 8, 1);
                    c.set(fd, 0, 12, 1);
                    c.set(fd, 41, 49, 1);
                    c.set(fd, 41, 51, 1);
                }
                StringBuilder line = new StringBuilder("closed " + kind + " " + mode + ":");
                for (int i = 0; i < 3; i++) {
                    long n =
                            connected
                                    ? c.send(fd, "hello", 0x40)
                                    : c.sendTo(fd, "hello", host, 7101 + i, 0x40);
                    line.append(" | ").append(n);
                }
                if ((mode & 8) != 0) {
                    line.append(" | ").append(c.receive(fd, 10, 0, Calls.DONTWAIT));
                }
                line.append(" | ").append(c.poll(fd, 0xFF));
                for (int i = 0; i < 4; i++) {
                    line.append(" | ").append(queued(c, fd, i == 1 ? 3 : 64, i == 2 ? 40 : 256));
                    line.append(" | ").append(c.poll(fd, 0xFF));
                }
                line.append(" | ").append(state(c, fd));
                line.append(" | ").append(c.send(fd, "again", 0x40));
                recverr(c, fd, 0);
                line.append(" | ").append(queued(c, fd, 64, 256)).append(state(c, fd));
                c.closeAll();
                c.say(line.toString());
            }
        }
    }

    static void lengths(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        int[] lengths = {
            0, 1, 1400, 65000, 65463, 65464, 65487, 65488, 65507, 65530, 65535, 65536, 70000
        };
        for (String kind : List.of("udp4", "udp6", "udpm", "raw4", "raw6", "ping4", "ping6")) {
            for (int discover = -1; discover < 6; discover++) {
                int[] fds = FlagsProbe.pair(c, kind);
                recverr(c, fds[0], 1);
                c.set(fds[0], 1, 7, 1 << 20);
                c.set(fds[1], 1, 8, 1 << 20);
                if (discover >= 0) {
                    c.set(fds[0], 0, 10, discover);
                    c.set(fds[0], 41, 23, discover);
                }
                StringBuilder line = new StringBuilder("length " + kind + " " + discover + ":");
                for (int length : lengths) {
                    byte[] data = new byte[length];
                    if (kind.startsWith("ping") && length > 0) {
                        data[0] = (byte) (kind.endsWith("4") ? 8 : 128);
                    }
                    line.append(" | ").append(length).append(' ');
                    line.append(c.send(fds[0], data, new byte[0], new byte[0], Calls.DONTWAIT));
                    line.append(' ').append(queued(c, fds[0], 64, 256));
                    line.append(' ').append(c.get(fds[0], 1, SO_ERROR, new byte[4], 4));
                    String got = c.receive(fds[1], 100_000, 0, Calls.DONTWAIT);
                    line.append(' ').append(kind.startsWith("udp") ? got : got.split(" ", 2)[0]);
                    c.receive(fds[0], 100_000, 0, Calls.DONTWAIT);
                }
                c.closeAll();
                c.say(line.toString());
            }
        }
    }

    static void times(Calls c) {
        c.sysctl("net.ipv6.auto_flowlabels", "0");
        for (String kind : FlagsProbe.KINDS) {
            if (kind.startsWith("ping")) {
                continue;
            }
            for (int flags :
                    new int[] {
                        2, 0x12, 0x92, 0x112, 0x192, 0x892, 0x990, 0x392, 0x492, 0x592, 0xC92,
                        0x10292
                    }) {
                int[] fds = FlagsProbe.pair(c, kind);
                StringBuilder line = new StringBuilder("times " + kind + " " + flags + ":");
                line.append(' ').append(c.set(fds[0], 1, SO_TIMESTAMPING, flags));
                for (int i = 0; i < 2; i++) {
                    line.append(" | ").append(c.send(fds[0], "hello", Calls.DONTWAIT));
                    line.append(" | ").append(c.receive(fds[1], 64, 0, Calls.DONTWAIT));
                }
                c.set(fds[0], 0, 8, 1);
                c.set(fds[0], 41, 49, 1);
                c.sleep(5);
                for (int i = 0; i < 5; i++) {
                    int room =
                            kind.startsWith("tcp") ? 0 : 64; // numbers and times are in its header
                    line.append(" | ").append(queued(c, fds[0], room, 256));
                }
                c.closeAll();
                c.say(line.toString());
            }
        }
    }
}
