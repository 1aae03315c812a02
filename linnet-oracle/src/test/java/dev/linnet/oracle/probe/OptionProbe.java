package dev.linnet.oracle.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Every option of every level on every kind of socket, read with many lengths, set with many lengths
/// and values and read back.
final class OptionProbe {
    static final List<String> KINDS =
            List.of(
                    "tcp4-fresh",
                    "tcp4-listen",
                    "tcp4-conn",
                    "tcp4-closewait",
                    "tcp4-closed",
                    "tcp6-fresh",
                    "tcp6-conn",
                    "tcpm-conn",
                    "udp4-fresh",
                    "udp4-conn",
                    "udp6-fresh",
                    "udp6-conn",
                    "udpm-conn",
                    "raw4-1",
                    "raw4-255",
                    "raw6-58",
                    "raw6-17",
                    "raw6-255",
                    "ping4-fresh",
                    "ping6-fresh");

    private static final int[] LEVELS = {0, 1, 6, 17, 41, 58, 136, 255, 500};
    private static final int[] GET_LENGTHS = {0, 1, 3, 4, 8, 16, 400};
    private static final int[] SET_LENGTHS = {0, 1, 4, 8, 16, 20};
    private static final int[] VALUES = {0, 1, -1, 2, 256, Integer.MAX_VALUE};

    /// Cookies, addresses and ports, processors, times, buffers that tune themselves: the value is not
    /// looked at.
    private static final List<String> VALUES_DIFFER =
            List.of(
                    "1 7", "1 28", "1 49", "1 55", "1 56", "1 57", "1 71", "6 11", "6 24", "6 26",
                    "0 52");

    private OptionProbe() {}

    /// The numbers that a level uses, and some that it does not.
    private static IntStream options(int level) {
        int[] more = {100, 101, 102, 103, 104, 105, 200, 201, 212, 213, 250};
        int known =
                switch (level) {
                    case 0 -> 60;
                    case 1 -> 90;
                    case 6 -> 50;
                    case 41 -> 84;
                    case 58, 255 -> 40;
                    default -> 14;
                };
        return IntStream.concat(IntStream.range(0, known), IntStream.of(more));
    }

    /// What the two kernels are known to answer differently: the packet filter, IPsec and multicast
    /// routing do not exist here (D-017, D-023), nor does zero-copy receive (D-028); and what depends
    /// on the time between two calls.
    static boolean passedOver(String kind, int level, int option) {
        boolean ip = level == 0 || level == 41;
        boolean filter = ip && option >= 64 && option <= 99 && !(level == 41 && option < 80);
        boolean filter6 = level == 41 && List.of(64, 65, 68, 69).contains(option);
        boolean ipsec = level == 0 ? option == 16 || option == 17 : option == 34 || option == 35;
        boolean routing = ip && option >= 200 && option <= 212 && kind.equals("raw6-58");
        boolean timed = kind.equals("tcp4-closewait") && level == 6 && option == 12; // TCP_QUICKACK
        boolean zerocopyReceive = level == 6 && option == 35; // D-028
        return zerocopyReceive || timed || filter || filter6 || (ip && ipsec) || routing;
    }

    static void run(Calls c) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        c.sysctl("net.ipv4.tcp_congestion_control", "cubic");
        for (String kind : KINDS) {
            for (int level : LEVELS) {
                options(level)
                        .filter(option -> !passedOver(kind, level, option))
                        .forEach(option -> one(c, kind, level, option));
            }
        }
    }

    static int[] make(Calls c, String kind) {
        String[] parts = kind.split("-");
        String protocol = parts[0].substring(0, parts[0].length() - 1);
        char version = parts[0].charAt(parts[0].length() - 1);
        int family = version == '4' ? Calls.AF_INET : Calls.AF_INET6;
        String host = version == '4' ? "127.0.0.1" : version == '6' ? "::1" : "::ffff:127.0.0.1";
        return switch (protocol) {
            case "tcp" -> tcp(c, family, host, parts[1]);
            case "udp" -> {
                int fd = c.socket(family, Calls.DGRAM, 0);
                if (parts[1].equals("conn")) {
                    c.connect(fd, host, 9);
                }
                yield new int[] {fd};
            }
            case "ping" ->
                    new int[] {c.socket(family, Calls.DGRAM, family == Calls.AF_INET ? 1 : 58)};
            default -> new int[] {c.socket(family, Calls.RAW, Integer.parseInt(parts[1]))};
        };
    }

    private static int[] tcp(Calls c, int family, String host, String state) {
        if (state.equals("fresh") || state.equals("listen")) {
            int fd = c.socket(family, Calls.STREAM, 0);
            if (state.equals("listen")) {
                c.bind(fd, host, 0);
                c.listen(fd, 5);
            }
            return new int[] {fd};
        }
        int[] fds = c.connection(host);
        switch (state) {
            case "closewait" -> c.close(fds[1]);
            case "closed" -> {
                c.set(fds[1], 1, 13, 1, 0); // SO_LINGER: a reset
                c.close(fds[1]);
            }
            default -> {}
        }
        return fds;
    }

    private static String get(Calls c, int fd, int level, int option, int length) {
        byte[] before = new byte[length + 16];
        Arrays.fill(before, (byte) 0xAA);
        String got = c.get(fd, level, option, before, length);
        boolean masked = VALUES_DIFFER.contains(level + " " + option);
        return masked && got.contains(":") ? got.substring(0, got.indexOf(':')) : got;
    }

    private static void one(Calls c, String kind, int level, int option) {
        int fd = make(c, kind)[0];
        List<String> line = new ArrayList<>(List.of(kind + " " + level + " " + option + ":"));
        for (int length : GET_LENGTHS) {
            line.add("g" + length + "=" + get(c, fd, level, option, length));
        }
        for (int length : SET_LENGTHS) {
            for (int value : VALUES) {
                byte[] bytes = Arrays.copyOf(Calls.bytes(value), length);
                long err = c.set(fd, level, option, bytes);
                String back = err == 0 ? "->" + get(c, fd, level, option, 16) : "";
                line.add("s" + length + "/" + value + "=" + err + back);
            }
        }
        c.closeAll();
        c.say(String.join(" ", line));
    }
}
