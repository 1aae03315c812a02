package dev.linnet.oracle.probe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/// Many options of one socket, set one after the other to structures of small numbers, with what all
/// of them then are.
final class RandomOptionProbe {
    /// As times they are whole jiffies of any clock (D-001).
    private static final int[] WORDS = {
        0, 0, 0, 1, 1, 2, 3, 5, 7, 8, -1, 16, 64, 100, 255, 1000, 64_000, 996_000, 1_000_000
    };
    private static final String[] NAMES = {
        "lo", "lo\0", "reno", "cubic", "nosuch", "", "l", "cubic\0xyz"
    };

    /// Those that a probe of their own is for, that take pointers or descriptors, that depend on time,
    /// or that fill the memory of the socket.
    private static final List<String> OTHERS =
            List.of(
                    "1 13", "1 20", "1 21", "1 66", "1 67", "1 26", "1 50", "1 51", "1 52", "1 68",
                    "1 7", "1 8", "1 32", "1 33", "1 28", "1 49", "1 55", "1 56", "1 57", "1 71",
                    "1 4", "1 80", "6 11", "6 12", "6 24", "6 26", "6 35", "6 19", "6 14", "6 32",
                    "6 13", "6 33", "6 28", "0 52", "0 51", "0 24", "41 32", "6 10", "6 2", "41 24",
                    "0 14");

    private RandomOptionProbe() {}

    private static int[] options(int level) {
        int last =
                switch (level) {
                    case 0 -> 53;
                    case 1 -> 84;
                    case 6 -> 47;
                    case 17 -> 105;
                    case 41 -> 79;
                    default -> 8;
                };
        return IntStream.range(0, last)
                .filter(o -> !OTHERS.contains(level + " " + o))
                .filter(o -> !(level == 41 && o >= 64 && o <= 69 && o != 66 && o != 67))
                .toArray();
    }

    static void asRoot(Calls c) {
        run(c, OptionProbe.KINDS, 84, 200);
    }

    static void asUser(Calls c) {
        List<String> kinds =
                OptionProbe.KINDS.stream().filter(kind -> !kind.startsWith("raw")).toList();
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        c.sysctl("net.ipv4.tcp_congestion_control", "cubic");
        c.becomeUser(1000);
        run(c, kinds, 85, 120);
    }

    private static void run(Calls c, List<String> kinds, long seed, int rounds) {
        c.sysctl("net.ipv4.ping_group_range", "0 2147483647");
        c.sysctl("net.ipv4.tcp_congestion_control", "cubic");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < rounds; round++) {
            String kind = kinds.get(random.nextInt(kinds.size()));
            int[] fds = OptionProbe.make(c, kind);
            for (int step = 0; step < 60; step++) {
                c.say(round + "." + step + " " + kind + " " + step(c, random, kind, fds[0]));
            }
            c.set(fds[0], 1, 13, 0, 0); // SO_LINGER: not for 1000 seconds
            c.closeAll();
        }
    }

    private static String step(Calls c, RandomGenerator random, String kind, int fd) {
        int[] levels = {0, 1, 1, 1, 41, 41, kind.startsWith("tcp") ? 6 : 17, 255};
        int level = levels[random.nextInt(levels.length)];
        int[] options = options(level);
        int option = options[random.nextInt(options.length)];
        if (OptionProbe.passedOver(kind, level, option)) {
            return "-";
        }
        byte[] value = value(random);
        long err = c.set(fd, level, option, value);
        StringBuilder line = new StringBuilder(level + "/" + option + " ");
        line.append(Calls.hex(value)).append('=').append(err);
        int more = options[random.nextInt(options.length)];
        for (int o : new int[] {option, more}) {
            if (!OptionProbe.passedOver(kind, level, o)) {
                byte[] room = new byte[random.nextInt(5) == 0 ? random.nextInt(9) : 64];
                line.append(" | ")
                        .append(o)
                        .append(' ')
                        .append(c.get(fd, level, o, room, room.length));
            }
        }
        return line.toString();
    }

    private static byte[] value(RandomGenerator random) {
        if (random.nextInt(12) == 0) {
            return NAMES[random.nextInt(NAMES.length)].getBytes(StandardCharsets.ISO_8859_1);
        }
        int[] words = random.ints(10, 0, WORDS.length).map(i -> WORDS[i]).toArray();
        int[] lengths = {4, 4, 4, 4, 8, 8, 16, 16, 12, 20, 24, 32, 40, 0, 1, 2, 3};
        return Arrays.copyOf(Calls.bytes(words), lengths[random.nextInt(lengths.length)]);
    }
}
