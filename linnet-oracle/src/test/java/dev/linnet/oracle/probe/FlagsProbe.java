package dev.linnet.oracle.probe;

import java.util.ArrayList;
import java.util.List;

/// Every flag of `send` and of `recv`, on every kind of socket, with something to receive and without.
final class FlagsProbe {
    static final List<String> KINDS =
            List.of("tcp4", "tcp6", "udp4", "udp6", "udpm", "raw4", "raw6", "ping4", "ping6");

    private static final int CMSG_COMPAT = 1 << 31;

    private FlagsProbe() {}

    static int[] pair(Calls c, String kind) {
        if (kind.startsWith("tcp")) {
            return c.connection(kind.endsWith("6") ? "::1" : "127.0.0.1");
        }
        return SendCmsgProbe.datagram(c, kind);
    }

    private static long send(Calls c, String kind, int fd, int flags) {
        byte[] data = kind.startsWith("ping") ? SendCmsgProbe.echo(kind) : "hello".getBytes();
        return c.send(fd, data, new byte[0], new byte[0], flags | Calls.DONTWAIT);
    }

    private static List<Integer> flags() {
        List<Integer> all = new ArrayList<>(List.of(0));
        for (int bit = 0; bit < 31; bit++) {
            all.add(1 << bit);
        }
        all.add(0x4000 | 0x8000);
        all.add(1 | 2);
        all.add(2 | 0x20);
        all.add(0x100 | 2);
        all.add(0x2000 | 2);
        all.add(CMSG_COMPAT);
        return all;
    }

    static void sending(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        for (String kind : KINDS) {
            for (int flag : flags()) {
                int[] fds = pair(c, kind);
                StringBuilder line =
                        new StringBuilder("send " + kind + " " + Integer.toHexString(flag));
                line.append(": ").append(send(c, kind, fds[0], flag));
                for (int i = 0; i < 3; i++) {
                    line.append(" | ").append(c.receive(fds[1], 4, 0, Calls.DONTWAIT));
                }
                line.append(" | ").append(send(c, kind, fds[0], 0));
                for (int i = 0; i < 3; i++) {
                    line.append(" | ").append(c.receive(fds[1], 64, 0, Calls.DONTWAIT));
                }
                line.append(" | ").append(c.poll(fds[0], 0xFFFF)).append(c.poll(fds[1], 0xFFFF));
                c.closeAll();
                c.say(line.toString());
            }
        }
    }

    static void receiving(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        for (String kind : KINDS) {
            for (int flag : flags()) {
                int[] fds = pair(c, kind);
                StringBuilder line =
                        new StringBuilder("recv " + kind + " " + Integer.toHexString(flag));
                line.append(": ").append(c.receive(fds[1], 3, 64, flag | Calls.DONTWAIT));
                send(c, kind, fds[0], 0);
                send(c, kind, fds[0], 0);
                for (int room : new int[] {3, 0, 64, 64}) {
                    line.append(" | ").append(c.receive(fds[1], room, 64, flag | Calls.DONTWAIT));
                }
                c.shutdown(fds[0], 1);
                line.append(" | ").append(c.receive(fds[1], 64, 64, flag | Calls.DONTWAIT));
                c.shutdown(fds[1], 0);
                line.append(" | ").append(c.receive(fds[1], 64, 64, flag | Calls.DONTWAIT));
                line.append(" | ").append(send(c, kind, fds[0], flag));
                c.closeAll();
                c.say(line.toString());
            }
        }
    }
}
