package dev.linnet.oracle.probe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Control messages of all levels, numbers and lengths with a message to send.
final class SendCmsgProbe {
    private static final int[] LEVELS = {0, 1, 6, 17, 41};
    private static final int LAST = 90;
    private static final int[] LENGTHS = {0, 1, 2, 4, 8, 12, 20};
    private static final int[] VALUES = {1, -1, 256};

    private SendCmsgProbe() {}

    static void run(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        Map<String, int[]> socks = new TreeMap<>();
        socks.put("tcp4", c.connection("127.0.0.1"));
        socks.put("tcp6", c.connection("::1"));
        for (String kind : List.of("udp4", "udp6", "udpm", "raw4", "raw6", "ping4", "ping6")) {
            socks.put(kind, datagram(c, kind));
        }
        for (Map.Entry<String, int[]> e : socks.entrySet()) {
            for (int level : LEVELS) {
                for (int type = 0; type <= LAST; type++) {
                    one(c, e.getKey(), e.getValue(), level, type);
                }
            }
        }
    }

    static int[] datagram(Calls c, String kind) {
        boolean v6 = !kind.endsWith("4");
        int family = v6 ? Calls.AF_INET6 : Calls.AF_INET;
        String host = kind.endsWith("m") ? "::ffff:127.0.0.1" : v6 ? "::1" : "127.0.0.1";
        int type = kind.startsWith("raw") ? Calls.RAW : Calls.DGRAM;
        int protocol = kind.startsWith("udp") ? 0 : kind.startsWith("raw") ? 200 : v6 ? 58 : 1;
        int s = c.socket(family, type, protocol);
        int r = kind.startsWith("ping") ? s : c.socket(family, type, protocol);
        c.bind(r, host, kind.startsWith("ping") ? 77 : 7001);
        if (r != s) {
            c.bind(s, host, 7002);
        }
        c.connect(s, host, kind.startsWith("udp") ? 7001 : 0);
        return new int[] {s, r};
    }

    private static void one(Calls c, String kind, int[] fds, int level, int type) {
        StringBuilder line = new StringBuilder(kind + " " + level + " " + type + ":");
        byte[] payload = kind.startsWith("ping") ? echo(kind) : new byte[] {'a', 'b', 'c'};
        for (int length : LENGTHS) {
            for (int value : VALUES) {
                byte[] data = new byte[length];
                System.arraycopy(Calls.bytes(value), 0, data, 0, Math.min(length, 4));
                byte[] cmsg = Calls.cmsg(level, type, data);
                long n = c.send(fds[0], payload, new byte[0], cmsg, Calls.DONTWAIT);
                line.append(' ').append(length).append('/').append(value).append('=').append(n);
                while (n >= 0 && !c.receive(fds[1], 64, 0, Calls.DONTWAIT).startsWith("-")) {
                    n = kind.startsWith("tcp") ? -1 : 0;
                }
            }
        }
        c.say(line.toString());
    }

    static byte[] echo(String kind) {
        byte[] message = new byte[12];
        message[0] = (byte) (kind.endsWith("6") ? 128 : 8);
        return message;
    }
}
