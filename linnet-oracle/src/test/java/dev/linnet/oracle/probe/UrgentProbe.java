package dev.linnet.oracle.probe;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Urgent data: random sends and receives, inline or not, with everything that can be asked about
/// them.
final class UrgentProbe {
    private static final int OOB = 1;
    private static final int PEEK = 2;
    private static final int TRUNC = 0x20;
    private static final int WAITALL = 0x100;
    private static final int SIOCATMARK = 0x8905;
    private static final int SIOCINQ = 0x541B;
    private static final int[] FLAGS = {
        0, 0, 0, OOB, OOB, OOB | PEEK, PEEK, TRUNC, WAITALL, OOB | TRUNC
    };

    private UrgentProbe() {}

    static void run(Calls c) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int i = 0; i < 150; i++) {
            int[] fds = c.connection(i % 2 == 0 ? "127.0.0.1" : "::1");
            StringBuilder line = new StringBuilder("urgent " + i + ":");
            if (random.nextInt(3) == 0) {
                c.set(fds[1], 1, 10, 1);
                line.append(" inline");
            }
            for (int step = 0; step < 14; step++) {
                line.append(" | ").append(step(c, fds, random));
            }
            c.closeAll();
            c.say(line.toString());
        }
    }

    private static String step(Calls c, int[] fds, RandomGenerator random) {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                String text = "abcdefghij".substring(0, 1 + random.nextInt(6));
                return "send " + text + "=" + c.send(fds[0], text, Calls.DONTWAIT);
            }
            case 3, 4 -> {
                String text = "UVWXYZ".substring(0, random.nextInt(4));
                return "urgent " + text + "=" + c.send(fds[0], text, Calls.DONTWAIT | OOB);
            }
            case 5 -> {
                int on = random.nextInt(2);
                return "inline " + on + "=" + c.set(fds[1], 1, 10, on);
            }
            case 6 -> {
                return "mark " + c.ioctl(fds[1], SIOCATMARK) + " inq " + c.ioctl(fds[1], SIOCINQ);
            }
            case 7 -> {
                return "poll " + c.poll(fds[1], 0x2FF);
            }
            case 8 -> {
                return random.nextInt(6) == 0 ? "shutdown " + c.shutdown(fds[0], 1) : "-";
            }
            default -> {
                int flags = FLAGS[random.nextInt(FLAGS.length)];
                int room = random.nextInt(9);
                String got = c.receive(fds[1], room, 0, flags | Calls.DONTWAIT);
                return "recv "
                        + room
                        + "/"
                        + flags
                        + " "
                        + got.replace(" from 0: flags 0 control 0", "");
            }
        }
    }
}
