package dev.linnet.oracle.probe;

import java.util.List;

/// What a received message brings with it: each option that asks for something, alone and all of them,
/// with every room for control messages.
final class ReceiveCmsgProbe {
    private static final int[][] ASKING = {
        {1, 29}, {1, 35}, {1, 63}, {1, 64}, {1, 40}, {1, 75}, {1, 82}, {0, 6}, {0, 7}, {0, 8},
        {0, 12}, {0, 13}, {0, 18}, {0, 20}, {0, 23}, {0, 25}, {0, 11}, {41, 2}, {41, 3}, {41, 4},
        {41, 5}, {41, 8}, {41, 11}, {41, 25}, {41, 49}, {41, 51}, {41, 53}, {41, 56}, {41, 58},
        {41, 60}, {41, 66}, {41, 74}, {41, 77}, {17, 104}, {6, 36},
    };

    private ReceiveCmsgProbe() {}

    private static void ask(Calls c, int fd, int[] option, StringBuilder line) {
        line.append(' ').append(c.set(fd, option[0], option[1], 1));
    }

    private static void exchange(Calls c, String kind, int[] fds, int room, StringBuilder line) {
        byte[] data = kind.startsWith("ping") ? SendCmsgProbe.echo(kind) : "hello".getBytes();
        line.append(" | ").append(c.send(fds[0], data, new byte[0], new byte[0], Calls.DONTWAIT));
        line.append(" ").append(c.receive(fds[1], 64, room, Calls.DONTWAIT));
    }

    static void each(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        c.sysctl("net.ipv6.auto_flowlabels", "0");
        keepStamping(c);
        for (String kind : FlagsProbe.KINDS) {
            for (int[] option : ASKING) {
                int[] fds = FlagsProbe.pair(c, kind);
                c.set(fds[0], 1, 36, 7); // SO_MARK
                c.set(fds[0], 1, 12, 5); // SO_PRIORITY
                c.set(fds[0], 0, 1, 0x28); // IP_TOS
                c.set(fds[0], 41, 67, 0x48); // IPV6_TCLASS
                String name = kind + " " + option[0] + "/" + option[1];
                StringBuilder line = new StringBuilder("ask " + name + ":");
                ask(c, fds[1], option, line);
                exchange(c, kind, fds, 512, line);
                exchange(c, kind, fds, 20, line);
                exchange(c, kind, fds, 0, line);
                c.closeAll();
                c.say(line.toString());
            }
        }
    }

    static void all(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        c.sysctl("net.ipv6.auto_flowlabels", "0");
        keepStamping(c);
        for (String kind : FlagsProbe.KINDS) {
            int[] fds = FlagsProbe.pair(c, kind);
            StringBuilder line = new StringBuilder("all " + kind + ":");
            for (int[] option : ASKING) {
                ask(c, fds[1], option, line);
            }
            c.say(line.toString());
            for (int room = 0; room < 400; room += room < 120 ? 1 : 7) {
                StringBuilder one = new StringBuilder("all " + kind + " room " + room + ":");
                exchange(c, kind, fds, room, one);
                c.say(one.toString());
            }
            c.closeAll();
        }
    }

    /// Control messages that change one datagram, seen by its receiver.
    /// While a socket wants time stamps, packets get them; the host begins with that a moment later.
    private static void keepStamping(Calls c) {
        int keeper = c.socket(Calls.AF_INET, Calls.DGRAM, 0);
        c.set(keeper, 1, 29, 1);
        c.keepOpen(keeper);
        c.sleep(50);
    }

    static void seen(Calls c) {
        keepStamping(c);
        c.sysctl("net.ipv6.auto_flowlabels", "0");
        for (String kind : List.of("udp4", "udp6", "udpm", "raw4", "raw6")) {
            int[] fds = FlagsProbe.pair(c, kind);
            StringBuilder line = new StringBuilder();
            for (int[] option : ASKING) {
                if (option[0] != 1 || option[1] > 70) {
                    ask(c, fds[1], option, line);
                }
            }
            byte[][] cmsgs = {
                Calls.cmsg(1, 36, Calls.bytes(99)),
                Calls.cmsg(1, 12, Calls.bytes(3)),
                Calls.cmsg(0, 2, Calls.bytes(17)),
                Calls.cmsg(0, 1, Calls.bytes(0x10)),
                Calls.cmsg(0, 1, new byte[] {0x2c}),
                Calls.cmsg(0, 7, new byte[] {1, 1, 1, 0}),
                Calls.cmsg(0, 8, Calls.bytes(1, 0, 0)),
                Calls.cmsg(0, 8, Calls.bytes(0, 0x0200007f, 0)),
                Calls.cmsg(41, 52, Calls.bytes(33)),
                Calls.cmsg(41, 67, Calls.bytes(0x50)),
                Calls.cmsg(41, 11, new byte[] {0, 1, 2, 3}),
                Calls.cmsg(41, 50, Calls.bytes(0, 0, 0, 0x01000000, 1)),
                Calls.cmsg(41, 54, new byte[] {0, 0, 1, 4, 0, 0, 0, 0}),
                Calls.cmsg(41, 59, new byte[] {0, 0, 1, 4, 0, 0, 0, 0}),
                Calls.cmsg(41, 62, Calls.bytes(1)),
                Calls.cmsg(17, 103, new byte[] {2, 0}),
            };
            for (int i = 0; i < cmsgs.length; i++) {
                line = new StringBuilder("seen " + kind + " " + i + ":");
                long n = c.send(fds[0], "hello".getBytes(), new byte[0], cmsgs[i], Calls.DONTWAIT);
                line.append(' ').append(n);
                for (int k = 0; k < 4; k++) {
                    line.append(" | ").append(c.receive(fds[1], 64, 512, Calls.DONTWAIT));
                }
                c.say(line.toString());
            }
            c.closeAll();
        }
    }
}
