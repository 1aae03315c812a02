package dev.linnet.oracle.probe;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Leasing flow labels, and sending with labels that were leased or not.
final class FlowLabelProbe {
    private static final int MANAGER = 32;
    private static final int FLOWINFO_SEND = 33;
    private static final int[] LABELS = {0x11111, 0x22222, 0x33333, 0, 0x100000, 0x81234};
    private static final int[] SHARES = {255, 255, 1, 2, 3, 0};
    private static final int[] FLAGS = {1, 1, 0, 3, 2, 4};

    private FlowLabelProbe() {}

    static void run(Calls c) {
        c.sysctl("net.ipv6.auto_flowlabels", "0");
        c.sysctl("net.ipv6.flowlabel_state_ranges", "0");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(32);
        for (int round = 0; round < 25; round++) {
            int[] fds = {
                c.socket(Calls.AF_INET6, Calls.DGRAM, 0), c.socket(Calls.AF_INET6, Calls.DGRAM, 0)
            };
            int receiver = c.socket(Calls.AF_INET6, Calls.DGRAM, 0);
            c.bind(receiver, "::1", 7500);
            c.set(receiver, 41, 11, 1);
            for (int fd : fds) {
                c.bind(fd, "::1", 0);
                c.set(fd, 41, FLOWINFO_SEND, 1);
            }
            for (int step = 0; step < 40; step++) {
                int fd = fds[random.nextInt(2)];
                c.say("label " + round + "." + step + " " + step(c, random, fd, receiver));
            }
            c.closeAll();
            c.sleep(80); // the host lets go of what a closed socket held a moment later
        }
        c.say(
                "refused "
                        + c.set(
                                c.socket(Calls.AF_INET6, Calls.STREAM, 0),
                                41,
                                MANAGER,
                                request(0, 0, 255, 4, 0, 0)));
        c.sysctl("net.ipv6.flowlabel_consistency", "0");
        reflection(c);
        int tcp = c.socket(Calls.AF_INET6, Calls.STREAM, 0);
        c.say("tcp " + c.set(tcp, 41, MANAGER, request(0, 0, 255, 4, 0, 0)));
        c.say("tcp " + c.get(tcp, 41, MANAGER, new byte[32], 32));
        c.say("tcp " + c.set(tcp, 41, MANAGER, request(0, 1, 255, 4, 0, 0)));
        c.say("tcp " + c.set(tcp, 41, MANAGER, request(0, 1, 255, 4, 0, 0)));
        c.say("tcp " + c.get(tcp, 41, MANAGER, new byte[32], 32));
        c.sysctl("net.ipv6.flowlabel_state_ranges", "1");
        c.say("ranges " + c.set(tcp, 41, MANAGER, request(0x81234, 0, 255, 1, 0, 0)));
        c.say("short " + c.set(tcp, 41, MANAGER, new byte[31]));
        c.say(
                "get "
                        + c.get(tcp, 41, MANAGER, new byte[64], 31)
                        + c.get(tcp, 41, MANAGER, new byte[64], 33));
    }

    /// A listener that answers with the labels of its clients.
    private static void reflection(Calls c) {
        for (int reflect = 0; reflect < 2; reflect++) {
            int listener = c.socket(Calls.AF_INET6, Calls.STREAM, 0);
            c.bind(listener, "::1", 7501 + reflect);
            c.listen(listener, 1);
            if (reflect == 1) {
                c.say("reflect " + c.set(listener, 41, MANAGER, request(0, 0, 255, 4, 0, 0)));
            }
            int client = c.socket(Calls.AF_INET6, Calls.STREAM, 0);
            c.set(client, 41, FLOWINFO_SEND, 1);
            c.set(client, 41, 11, 1); // IPV6_FLOWINFO
            c.set(listener, 1, 20, 1, 0, 0, 0); // no wait for ever
            c.say("lease " + c.set(client, 41, MANAGER, request(0x50607, 0, 255, 1, 9, 9)));
            byte[] to = Calls.address("::1", 7501 + reflect);
            to[5] = 5;
            to[6] = 6;
            to[7] = 7;
            c.say("connect " + c.connect(client, to));
            c.say("syn-ack " + c.get(client, 41, 6, new byte[128], 128));
            int server = c.accept(listener);
            c.say("server " + c.get(server, 41, MANAGER, new byte[32], 32));
            c.say("sends " + c.send(server, "x", 0) + c.get(client, 41, 6, new byte[128], 128));
            c.closeAll();
        }
    }

    private static byte[] request(
            int label, int action, int share, int flags, int expires, int linger) {
        byte[] r = new byte[32];
        r[15] = 1; // ::1
        r[16] = (byte) (label >> 24);
        r[17] = (byte) (label >> 16);
        r[18] = (byte) (label >> 8);
        r[19] = (byte) label;
        r[20] = (byte) action;
        r[21] = (byte) share;
        r[22] = (byte) flags;
        r[24] = (byte) expires;
        r[26] = (byte) linger;
        return r;
    }

    private static String step(Calls c, RandomGenerator random, int fd, int receiver) {
        int label = LABELS[random.nextInt(random.nextInt(4) == 0 ? 6 : 3)];
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                int share = SHARES[random.nextInt(6)];
                int flags = FLAGS[random.nextInt(6)];
                byte[] r =
                        request(label, 0, share, flags, random.nextInt(200), random.nextInt(200));
                if (random.nextInt(10) == 0) {
                    r[15] = 0;
                }
                return "get " + label + "/" + share + "/" + flags + "=" + c.set(fd, 41, MANAGER, r);
            }
            case 2 -> {
                int action = 1 + random.nextInt(3);
                int flags = FLAGS[random.nextInt(6)];
                byte[] r = request(label, action, SHARES[random.nextInt(6)], flags, 10, 10);
                return action + " " + label + "=" + c.set(fd, 41, MANAGER, r);
            }
            case 3 -> {
                byte[] to = Calls.address("::1", 7500);
                to[5] = (byte) (label >> 16);
                to[6] = (byte) (label >> 8);
                to[7] = (byte) label;
                long n = c.send(fd, "x".getBytes(), to, new byte[0], Calls.DONTWAIT);
                String got =
                        c.receive(receiver, 4, 64, Calls.DONTWAIT).replaceAll("from 28:\\w+", "");
                return "send " + label + "=" + n + " " + got;
            }
            case 4 -> {
                byte[] info = {0, (byte) (label >> 16), (byte) (label >> 8), (byte) label};
                byte[] to = Calls.address("::1", 7500);
                long n = c.send(fd, "x".getBytes(), to, Calls.cmsg(41, 11, info), Calls.DONTWAIT);
                String got =
                        c.receive(receiver, 4, 64, Calls.DONTWAIT).replaceAll("from 28:\\w+", "");
                return "cmsg " + label + "=" + n + " " + got;
            }
            default -> {
                byte[] r = request(label, random.nextInt(8) == 0 ? 1 : 0, 0, 0, 0, 0);
                return "read " + c.get(fd, 41, MANAGER, r, 32);
            }
        }
    }
}
