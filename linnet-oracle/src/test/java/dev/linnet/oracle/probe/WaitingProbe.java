package dev.linnet.oracle.probe;

import java.util.List;

/// What a wait ends with: time limits, low-water marks, peeking further and further, lingering.
final class WaitingProbe {
    private static final int PEEK = 2;
    private static final int WAITALL = 0x100;
    private static final int SO_PEEK_OFF = 42;
    private static final int SO_RCVLOWAT = 18;

    private WaitingProbe() {}

    private static void limit(Calls c, int fd, int option, int millis) {
        c.set(fd, 1, option, millis / 1000, 0, millis % 1000 * 1000, 0);
    }

    static void limits(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        for (String kind : FlagsProbe.KINDS) {
            int[] fds = FlagsProbe.pair(c, kind);
            limit(c, fds[1], 20, 20);
            StringBuilder line = new StringBuilder("limits " + kind + ":");
            line.append(" | ").append(c.receive(fds[1], 10, 0, 0));
            line.append(" | ").append(c.receive(fds[1], 10, 0, PEEK));
            line.append(" | ").append(c.receive(fds[1], 10, 0, WAITALL));
            if (!kind.startsWith("ping")) {
                c.send(fds[0], "abc", 0);
                line.append(" | ").append(c.receive(fds[1], 10, 0, WAITALL));
            }
            line.append(" | ").append(c.receive(fds[1], 10, 0, Calls.ERRQUEUE));
            c.closeAll();
            c.say(line.toString());
        }
        int listener = c.socket(Calls.AF_INET, Calls.STREAM, 0);
        c.bind(listener, "127.0.0.1", 7200);
        c.listen(listener, 1);
        limit(c, listener, 20, 20);
        c.say("accept " + c.accept(listener));
        int[] fds = c.connection("127.0.0.1");
        limit(c, fds[0], 21, 20);
        c.set(fds[0], 1, 7, 10000);
        long last = 0;
        for (int i = 0; i < 10_000 && last >= 0; i++) {
            last = c.send(fds[0], new byte[100_000], new byte[0], new byte[0], 0);
        }
        c.say("send ended with " + last);
        c.closeAll();
    }

    /// Time limits and lingering as structures; times that are whole jiffies of any clock (D-001).
    static void structures(Calls c) {
        int[][] times = {
            {0, 0, 0, 0},
            {5, 0, 0, 0},
            {0, 0, 500_000, 0},
            {-1, -1, 0, 0},
            {0, 0, -1, -1},
            {0, 0, 1_000_000, 0},
            {0, 0, 4000, 0},
            {1, 1, 0, 0},
            {-1, 0x7FFFFFFF, 0, 0},
            {7, 0, 996_000, 0}
        };
        int[][] lingers = {{0, 0}, {1, 0}, {1, 5}, {0, 9}, {2, 0x7FFFFFFF}, {-1, 1}};
        for (int family : new int[] {Calls.AF_INET, Calls.AF_INET6}) {
            int fd = c.socket(family, Calls.STREAM, 0);
            for (int option : new int[] {20, 21, 66, 67}) {
                for (int[] time : times) {
                    c.say(option + " " + c.set(fd, 1, option, time) + " " + c.get(fd, 1, option));
                    c.say(
                            c.get(fd, 1, option < 60 ? option + 46 : option - 46)
                                    + c.set(fd, 1, option, 1, 0));
                }
            }
            for (int[] linger : lingers) {
                c.say("linger " + c.set(fd, 1, 13, linger) + " " + c.get(fd, 1, 13));
            }
        }
        c.closeAll();
    }

    static void lowWater(Calls c) {
        for (String kind : List.of("tcp4", "tcp6", "udp4")) {
            for (int low : new int[] {-1, 0, 1, 2, 5, 100}) {
                int[] fds = FlagsProbe.pair(c, kind);
                StringBuilder line = new StringBuilder("low " + kind + " " + low + ":");
                line.append(c.set(fds[1], 1, SO_RCVLOWAT, low));
                limit(c, fds[1], 20, 20);
                for (int i = 0; i < 4; i++) {
                    c.send(fds[0], "ab", 0);
                    line.append(" | ").append(c.poll(fds[1], 0xFF));
                    if (i % 2 == 1) {
                        line.append(" | ").append(c.receive(fds[1], 3, 0, Calls.DONTWAIT));
                    }
                }
                line.append(" | ").append(c.receive(fds[1], 64, 0, 0));
                line.append(" | ").append(c.receive(fds[1], 64, 0, 0));
                c.send(fds[0], "xyz", 0);
                c.shutdown(fds[0], 1);
                line.append(" | ").append(c.poll(fds[1], 0x20FF));
                line.append(" | ").append(c.receive(fds[1], 64, 0, 0));
                line.append(" | ").append(c.receive(fds[1], 64, 0, Calls.DONTWAIT));
                c.closeAll();
                c.say(line.toString());
            }
        }
    }

    static void peeking(Calls c) {
        for (String kind : List.of("tcp4", "tcp6", "udp4", "udp6", "raw4")) {
            for (int off : new int[] {-2, 0, 1, 3, 7, 100}) {
                int[] fds = FlagsProbe.pair(c, kind);
                StringBuilder line = new StringBuilder("peek " + kind + " " + off + ":");
                for (String text : List.of("abcde", "", "fghij", "kl")) {
                    c.send(fds[0], text, 0);
                }
                line.append(c.set(fds[1], 1, SO_PEEK_OFF, off));
                int[] rooms = {2, 2, 0, 4, 20, 3};
                for (int i = 0; i < 14; i++) {
                    int flags = i % 5 == 3 ? 0 : i % 7 == 6 ? PEEK | 0x20 : PEEK;
                    String got = c.receive(fds[1], rooms[i % 6], 0, flags | Calls.DONTWAIT);
                    line.append(" | ").append(flags).append('/').append(rooms[i % 6]);
                    line.append(' ').append(got).append(' ').append(c.get(fds[1], 1, SO_PEEK_OFF));
                }
                c.closeAll();
                c.say(line.toString());
            }
        }
    }

    /// Every way to close, seen by the peer.
    static void lingering(Calls c) {
        for (int mode = 0; mode < 24; mode++) {
            int[] fds = c.connection(mode % 2 == 0 ? "127.0.0.1" : "::1");
            int linger = mode / 2 % 4; // none, off, 0, 1 s
            if (linger > 0) {
                c.set(fds[0], 1, 13, linger > 1 ? 1 : 0, linger > 2 ? 1 : 0);
            }
            StringBuilder line = new StringBuilder("linger " + mode + ":");
            int unread = mode / 8;
            if (unread == 1) {
                c.send(fds[1], "unread", 0);
            } else if (unread == 2) {
                c.send(fds[0], "last", 0);
            }
            line.append(" | ")
                    .append(c.get(fds[0], 1, 13))
                    .append(" close ")
                    .append(c.close(fds[0]));
            for (int i = 0; i < 3; i++) {
                line.append(" | ").append(c.poll(fds[1], 0x20FF));
                line.append(" | ").append(c.receive(fds[1], 64, 0, Calls.DONTWAIT));
            }
            line.append(" | ").append(c.send(fds[1], "x", 0x4000 | Calls.DONTWAIT));
            line.append(" | ").append(c.send(fds[1], "x", 0x4000 | Calls.DONTWAIT));
            line.append(" | ").append(c.get(fds[1], 1, 4, new byte[4], 4));
            c.closeAll();
            c.say(line.toString());
        }
    }
}
