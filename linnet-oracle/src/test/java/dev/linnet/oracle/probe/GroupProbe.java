package dev.linnet.oracle.probe;

import dev.linnet.wire.In4Addr;
import dev.linnet.wire.In6Addr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random joining, leaving and filtering of multicast groups, and what then arrives.
final class GroupProbe {
    private static final String[] GROUPS4 = {"224.0.0.251", "239.1.2.3", "239.1.2.4", "10.0.0.1"};
    private static final String[] SOURCES4 = {"127.0.0.1", "127.0.0.2", "127.0.0.3", "10.9.9.9"};
    private static final String[] LOCAL4 = {"127.0.0.1", "0.0.0.0", "9.9.9.9"};
    private static final String[] GROUPS6 = {"ff02::1:3", "ff15::1", "ff15::2", "fe80::1"};
    private static final String[] SOURCES6 = {"::1", "2001:db8::1", "2001:db8::2"};

    private GroupProbe() {}

    private static int v4(String text) {
        return Integer.reverseBytes(
                In4Addr.parse(text)); // network order in a structure of the host's
    }

    private static byte[] v6(String text) {
        In6Addr a = In6Addr.parse(text);
        return ByteBuffer.allocate(16).putLong(a.hi()).putLong(a.lo()).array();
    }

    private static byte[] storage(String text) {
        byte[] all = new byte[128];
        byte[] address = Calls.address(text, 0);
        System.arraycopy(address, 0, all, 0, address.length);
        return all;
    }

    private static <T> T one(RandomGenerator random, T[] of) {
        return of[random.nextInt(of.length)];
    }

    private static int index(RandomGenerator random) {
        return new int[] {1, 1, 0, 77}[random.nextInt(4)];
    }

    static void ipv4(Calls c) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
        for (int round = 0; round < 60; round++) {
            int receiver = c.socket(Calls.AF_INET, Calls.DGRAM, 0);
            c.bind(receiver, "0.0.0.0", 7400);
            int sender = c.socket(Calls.AF_INET, Calls.DGRAM, 0);
            c.bind(sender, round % 2 == 0 ? "127.0.0.1" : "127.0.0.2", 7401);
            c.set(sender, 0, 32, 0, 0, 1); // IP_MULTICAST_IF
            for (int step = 0; step < 40; step++) {
                c.say("4 " + round + "." + step + " " + step4(c, random, receiver, sender));
            }
            c.closeAll();
        }
        limits4(c);
    }

    private static String step4(Calls c, RandomGenerator random, int receiver, int sender) {
        String group = one(random, GROUPS4);
        String source = one(random, SOURCES4);
        String local = one(random, LOCAL4);
        int index = index(random);
        switch (random.nextInt(14)) {
            case 0, 1 -> {
                int option = 35 + random.nextInt(2);
                int form = random.nextInt(3);
                byte[] all = Calls.bytes(v4(group), v4(local), index);
                byte[] value = form == 0 ? all : java.util.Arrays.copyOf(all, form == 1 ? 8 : 7);
                return option
                        + "/"
                        + form
                        + group
                        + local
                        + index
                        + "="
                        + c.set(receiver, 0, option, value);
            }
            case 2, 3, 4 -> {
                int option = 37 + random.nextInt(4);
                int[] value = {v4(group), v4(local), v4(source)};
                return option + group + local + source + "=" + c.set(receiver, 0, option, value);
            }
            case 5, 6 -> {
                int option = random.nextBoolean() ? 42 : 45;
                byte[] value = Calls.join(Calls.bytes(index, 0), storage(group));
                return option + group + index + "=" + c.set(receiver, 0, option, value);
            }
            case 7, 8 -> {
                int option = new int[] {43, 44, 46, 47}[random.nextInt(4)];
                byte[] head = Calls.bytes(index, 0);
                byte[] value = Calls.join(head, storage(group), storage(source));
                return option + group + source + index + "=" + c.set(receiver, 0, option, value);
            }
            case 9 -> {
                return filter4(c, random, receiver, group, local);
            }
            case 10 -> {
                int[] names = {34, 33, 49, 32};
                int name = names[random.nextInt(4)];
                int value = random.nextInt(4) - 1;
                String set = name + "/" + value + "=" + c.set(sender, 0, name, value);
                return set + c.set(receiver, 0, name, value) + c.get(sender, 0, name);
            }
            case 11 -> {
                ByteBuffer b = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
                b.putInt(v4(group)).putInt(v4(local)).putInt(0).putInt(random.nextInt(4));
                return "get" + group + local + " " + c.get(receiver, 0, 41, b.array(), 64);
            }
            default -> {
                long n = c.sendTo(sender, "hello", group, 7400, Calls.DONTWAIT);
                return "send" + group + n + " " + c.receive(receiver, 10, 0, Calls.DONTWAIT);
            }
        }
    }

    private static String filter4(
            Calls c, RandomGenerator random, int receiver, String group, String local) {
        int count = random.nextInt(4);
        int mode = random.nextInt(5) == 0 ? 2 : random.nextInt(2);
        int given = random.nextInt(5) == 0 ? count + 1 : count;
        ByteBuffer b = ByteBuffer.allocate(16 + 4 * count).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(v4(group)).putInt(v4(local)).putInt(mode).putInt(given);
        for (int i = 0; i < count; i++) {
            b.putInt(v4(SOURCES4[i]));
        }
        return "filter" + group + local + mode + given + "=" + c.set(receiver, 0, 41, b.array());
    }

    private static void limits4(Calls c) {
        int fd = c.socket(Calls.AF_INET, Calls.DGRAM, 0);
        StringBuilder line = new StringBuilder("limits");
        for (int i = 0; i < 25; i++) {
            line.append(' ').append(c.set(fd, 0, 35, v4("239.2.0." + i), 0, 1));
        }
        for (int i = 0; i < 14; i++) {
            line.append(' ')
                    .append(c.set(fd, 0, 38, v4("239.2.0.1"), v4("127.0.0.1"), v4("1.1.1." + i)));
        }
        c.sysctl("net.ipv4.igmp_max_memberships", "3");
        c.set(fd, 0, 36, v4("239.2.0.2"), 0, 1);
        c.say(line + " " + c.set(fd, 0, 35, v4("239.2.0.2"), 0, 1));
        int tcp = c.socket(Calls.AF_INET, Calls.STREAM, 0);
        c.say("tcp " + c.set(tcp, 0, 35, v4("239.2.0.2"), 0, 1) + c.set(tcp, 0, 32, 0, 0, 1));
        byte[] request = Calls.join(Calls.bytes(1, 0), storage("239.2.0.3"));
        c.say("tcp " + c.set(tcp, 0, 42, request) + c.set(tcp, 0, 45, request));
        c.closeAll();
    }

    static void ipv6(Calls c) {
        c.sysctl("net.ipv6.auto_flowlabels", "0");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(6);
        for (int round = 0; round < 60; round++) {
            int receiver = c.socket(Calls.AF_INET6, Calls.DGRAM, 0);
            c.bind(receiver, "::", 7400);
            int sender = c.socket(Calls.AF_INET6, Calls.DGRAM, 0);
            c.bind(sender, "::1", 7401);
            c.set(sender, 41, 17, 1); // IPV6_MULTICAST_IF
            for (int step = 0; step < 40; step++) {
                c.say("6 " + round + "." + step + " " + step6(c, random, receiver, sender));
            }
            c.closeAll();
        }
    }

    private static String step6(Calls c, RandomGenerator random, int receiver, int sender) {
        String group = one(random, GROUPS6);
        String source = one(random, SOURCES6);
        int index = index(random);
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                int option = 20 + random.nextInt(2);
                byte[] all = Calls.join(v6(group), Calls.bytes(index));
                byte[] value = random.nextInt(5) == 0 ? v6(group) : all;
                return option + group + index + "=" + c.set(receiver, 41, option, value);
            }
            case 2, 3 -> {
                int option = random.nextBoolean() ? 42 : 45;
                byte[] value = Calls.join(Calls.bytes(index, 0), storage(group));
                return option + group + index + "=" + c.set(receiver, 41, option, value);
            }
            case 4, 5, 6 -> {
                int option = new int[] {43, 44, 46, 47}[random.nextInt(4)];
                byte[] head = Calls.bytes(index, 0);
                byte[] value = Calls.join(head, storage(group), storage(source));
                return option + group + source + index + "=" + c.set(receiver, 41, option, value);
            }
            case 7 -> {
                int count = random.nextInt(3);
                byte[] value =
                        Calls.join(
                                Calls.bytes(index, 0),
                                storage(group),
                                Calls.bytes(random.nextInt(3), count));
                for (int i = 0; i < count; i++) {
                    value = Calls.join(value, storage(SOURCES6[i]));
                }
                return "filter" + group + index + count + "=" + c.set(receiver, 41, 48, value);
            }
            case 8 -> {
                byte[] value =
                        Calls.join(
                                Calls.bytes(index, 0),
                                storage(group),
                                Calls.bytes(0, random.nextInt(3)),
                                new byte[256]);
                return "get" + group + index + " " + c.get(receiver, 41, 48, value, value.length);
            }
            case 9 -> {
                int[] names = {17, 18, 19, 29};
                int name = names[random.nextInt(4)];
                int value = random.nextInt(4) - 1;
                String set = name + "/" + value + "=" + c.set(sender, 41, name, value);
                return set + c.set(receiver, 41, name, value) + c.get(sender, 41, name);
            }
            case 10 -> {
                int option = 27 + random.nextInt(2);
                byte[] value =
                        Calls.join(
                                v6(one(random, new String[] {"2001:db8::9", "::1", "ff02::1"})),
                                Calls.bytes(index));
                return option + "" + index + "=" + c.set(receiver, 41, option, value);
            }
            default -> {
                long n = c.sendTo(sender, "hello", group, 7400, Calls.DONTWAIT);
                return "send" + group + n + " " + c.receive(receiver, 10, 0, Calls.DONTWAIT);
            }
        }
    }
}
