package dev.linnet.oracle.probe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random programs of the classic packet filter: whether they are taken, and what they let through.
final class FilterProbe {
    private static final int ATTACH = 26;
    private static final int DETACH = 27;
    private static final int LOCK = 44;

    private static final int[] CODES = {
        0x00, 0x01, 0x02, 0x03, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54,
                0x5c,
        0x64, 0x6c, 0x74, 0x7c, 0x84, 0x94, 0x9c, 0xa4, 0xac, 0x20, 0x28, 0x30, 0x40, 0x48, 0x50,
                0x60,
        0x61, 0x80, 0x81, 0xb1, 0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x06, 0x16,
                0x07,
        0x87
    };

    private FilterProbe() {}

    private static byte[] program(RandomGenerator random, int length, boolean wild) {
        ByteBuffer b = ByteBuffer.allocate(8 * length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            int code = CODES[random.nextInt(CODES.length)];
            if (wild && random.nextInt(20) == 0) {
                code = random.nextInt(0x100);
            }
            int left = Math.max(1, length - i - 1);
            int jump = random.nextInt(wild ? left + 2 : left);
            int k = k(random, code, left);
            if (i == length - 1 && random.nextInt(8) != 0) {
                code = random.nextBoolean() ? 0x16 : 0x06;
            }
            b.putShort((short) code).put((byte) jump).put((byte) random.nextInt(left)).putInt(k);
        }
        return b.array();
    }

    private static int k(RandomGenerator random, int code, int left) {
        if (code == 0x05) {
            return random.nextInt(left);
        }
        if ((code & 7) == 2 || (code & 7) == 3 || code == 0x60 || code == 0x61) {
            return random.nextInt(18) % (random.nextInt(5) == 0 ? 18 : 2);
        }
        return switch (random.nextInt(7)) {
            case 0 -> random.nextInt();
            case 1 -> -0x1000 + 4 * random.nextInt(3);
            case 2 -> -0x100000 + random.nextInt(30);
            case 3 -> 0;
            default -> random.nextInt(40);
        };
    }

    static void run(Calls c) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(26);
        int[] fds = SendCmsgProbe.datagram(c, "udp4");
        int taken = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] program = program(random, 1 + random.nextInt(i % 3 == 0 ? 3 : 9), i % 2 == 0);
            StringBuilder line = new StringBuilder("filter " + i + ":");
            long err = attach(c, fds[1], program, program.length / 8);
            line.append(' ').append(err);
            if (err == 0) {
                taken++;
                line.append(" | ").append(c.send(fds[0], "hello, world", 0));
                line.append(" | ").append(c.receive(fds[1], 64, 0, Calls.DONTWAIT));
                line.append(" | ").append(c.get(fds[1], 1, ATTACH, new byte[128], 0));
            }
            c.say(line + " " + Calls.hex(program));
        }
        if (taken < 250) {
            c.say("too few programs are good: " + taken);
        }
        c.closeAll();
        manners(c);
    }

    private static long attach(Calls c, int fd, byte[] program, int instructions) {
        return c.set(fd, 1, ATTACH, fprog(instructions, c.keep(program)));
    }

    private static byte[] fprog(int instructions, long at) {
        ByteBuffer b = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        return b.putLong(instructions).putLong(at).array();
    }

    /// Attaching, reading, replacing, locking; on TCP what is cut is not acknowledged.
    private static void manners(Calls c) {
        byte[] all = {6, 0, 0, 0, -1, -1, 0, 0};
        byte[] none = {6, 0, 0, 0, 0, 0, 0, 0};
        byte[] some = {6, 0, 0, 0, 34, 0, 0, 0};
        int[] fds = SendCmsgProbe.datagram(c, "udp6");
        c.say("detach " + c.set(fds[1], 1, DETACH, 0));
        c.say("null " + c.set(fds[1], 1, ATTACH, fprog(1, 0)));
        c.say("bad " + c.set(fds[1], 1, ATTACH, fprog(1, 16)));
        c.say(
                "empty "
                        + attach(c, fds[1], all, 0)
                        + " long "
                        + attach(c, fds[1], new byte[8], 4097));
        c.say("short " + c.set(fds[1], 1, ATTACH, new byte[15]) + c.set(fds[1], 1, ATTACH, 1));
        c.say("all " + attach(c, fds[1], all, 1));
        for (int room : new int[] {0, 1, 2, 8, 16}) {
            c.say("get " + room + " " + c.get(fds[1], 1, ATTACH, new byte[256], room));
        }
        c.say("none " + attach(c, fds[1], none, 1) + c.send(fds[0], "x", 0));
        c.say(c.receive(fds[1], 8, 0, Calls.DONTWAIT) + c.poll(fds[1], 0xFF));
        c.say("lock " + c.set(fds[1], 1, LOCK, 1) + c.set(fds[1], 1, LOCK, 0));
        c.say(
                "locked "
                        + attach(c, fds[1], all, 1)
                        + c.set(fds[1], 1, DETACH, 0)
                        + c.get(fds[1], 1, LOCK));
        c.say("locked, bad " + c.set(fds[1], 1, ATTACH, fprog(1, 16)) + c.set(fds[1], 1, 50, -1));
        int[] tcp = c.connection("127.0.0.1");
        c.say("tcp " + attach(c, tcp[1], some, 1) + c.send(tcp[0], "abcdef", 0));
        c.say(c.receive(tcp[1], 64, 0, Calls.DONTWAIT) + c.ioctl(tcp[0], 0x5411));
        c.say("tcp none " + attach(c, tcp[1], none, 1) + c.send(tcp[0], "xyz", 0));
        c.say(c.receive(tcp[1], 64, 0, Calls.DONTWAIT) + c.ioctl(tcp[0], 0x5411));
        c.closeAll();
    }
}
