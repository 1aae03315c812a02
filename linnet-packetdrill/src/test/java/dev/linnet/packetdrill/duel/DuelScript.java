package dev.linnet.packetdrill.duel;

import dev.linnet.packetdrill.duel.DuelInfo.Line;
import dev.linnet.packetdrill.duel.DuelWire.Seen;
import dev.linnet.packetdrill.duel.DuelWire.Segment;
import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// What happens in a duel: a connection of random kind, then random calls, segments and ICMP errors,
/// each followed by a random time in which the kernel's packets are listened to. All is drawn from the
/// seed and from what the kernel sent, so that two kernels that behave alike live through the same.
final class DuelScript {
    static final int KERNEL_PORT = 8080;
    static final int PEER_PORT = 5555;

    /// Compare the counters after each step too.
    private static final boolean COUNTERS = Boolean.getBoolean("linnet.duel.counters");

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int NONBLOCK = 0x800;
    /// Milliseconds, not those of a delayed ACK or of the least timeout.
    private static final int[] WAITS = {5, 20, 20, 20, 55, 55, 110, 310};
    private static final double[] LOSSES = {0, 0, .05, .2, .4};

    private final DuelKernel kernel;
    private final DuelWire wire;
    private final Random random;
    private final Random jitter;
    private final IpAddress local;
    private final IpAddress remote;
    private final List<Line> lines = new ArrayList<>();
    private final List<String> moments = new ArrayList<>();
    private final StringBuilder moment = new StringBuilder();
    private DuelPeer peer;
    private double loss;
    private boolean talks;
    private int fd;

    /// Microseconds since the start.
    private long now;

    private int step;

    /// @param seed of the script
    /// @param attempt of the small differences in time between attempts
    DuelScript(DuelKernel kernel, IpAddress local, IpAddress remote, long seed, int attempt) {
        this.kernel = kernel;
        this.local = local;
        this.remote = remote;
        wire = new DuelWire(remote, local, PEER_PORT, KERNEL_PORT);
        random = new Random(seed);
        jitter = new Random(seed * 31 + attempt);
        peer = new DuelPeer(false, false, false, false, 0);
    }

    List<Line> lines() {
        return lines;
    }

    /// When each packet of each line was sent.
    List<String> moments() {
        return moments;
    }

    /// Carries the script out.
    void run(int steps) {
        open();
        for (step = 0; step < steps && step(); step++) {}
        finish();
    }

    // ---- listening -----------------------------------------------------------------------------

    private String listen(int ms) {
        moment.setLength(0);
        int wait = ms + jitter.nextInt(ms / 4 + 1);
        long deadline = kernel.until(now + wait * 1000L);
        StringBuilder text = new StringBuilder();
        Run run = null;
        for (Target.Captured c; (c = kernel.capture(deadline)) != null; ) {
            if (!wire.mine(c.datagram())) {
                continue;
            }
            Seen s = wire.read(c.datagram());
            moment.append(
                    String.format(Locale.ROOT, " %.1f", (c.usecs() - kernel.start()) / 1000.0));
            peer.sent(s);
            if (run != null && run.continues(s)) {
                run.end += s.len();
                continue;
            }
            text.append(run == null ? "" : run.text());
            run = new Run(s);
        }
        text.append(run == null ? "" : run.text());
        now = kernel.noted(deadline);
        peer.nowMs = (int) (now / 1000);
        return text.toString();
    }

    /// Segments of data that follow on each other; how the kernel cuts them is not told.
    private final class Run {
        private final Seen first;
        private int end;

        Run(Seen first) {
            this.first = first;
            end = first.seq() + first.len();
        }

        boolean continues(Seen s) {
            int mask = ~DuelWire.PSH;
            return s.len() > 0
                    && first.len() > 0
                    && s.seq() == end
                    && (s.flags() & mask) == (first.flags() & mask)
                    && (s.flags() & DuelWire.FIN) == 0
                    && s.ack() == first.ack()
                    && s.ecn() == first.ecn();
        }

        String text() {
            StringBuilder s = new StringBuilder(" {");
            s.append(DuelWire.names(first.flags() & ~(first.len() > 0 ? DuelWire.PSH : 0)));
            s.append(' ').append(relative(first.seq())).append(':').append(relative(end));
            if ((first.flags() & DuelWire.ACK) != 0) {
                s.append(" ack ").append(first.ack() - DuelPeer.ISS);
            }
            s.append(" win ").append(first.window());
            s.append(first.ecn() != 0 ? " ecn" + first.ecn() : "");
            s.append(first.mss() != 0 ? " mss " + first.mss() : "");
            s.append(first.timestamp() ? "" : " nots").append(first.otherOptions());
            for (int i = 0; i < first.sack().length; i++) {
                s.append(i % 2 == 0 ? " sack " : ":").append(first.sack()[i] - DuelPeer.ISS);
            }
            return s.append('}').toString();
        }

        /// A reset without a connection has a number of its own.
        private int relative(int seq) {
            boolean alone = (first.flags() & DuelWire.RST) != 0 && seq == 0;
            return alone ? 0 : seq - peer.kernelIss;
        }
    }

    private void tell(String what, int ms) {
        String seen = listen(ms);
        if (COUNTERS) {
            seen += " " + kernel.counters();
        }
        lines.add(DuelInfo.read(kernel, fd, what + " =>" + seen));
        moments.add(now / 1000 + ":" + moment);
    }

    private void say(String what) {
        lines.add(Line.of(what));
        moments.add(now / 1000 + ":" + moment);
    }

    // ---- the beginning -------------------------------------------------------------------------

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private void open() {
        boolean ecn = oneIn(5);
        peer = new DuelPeer(!oneIn(3), !oneIn(4), !oneIn(4), ecn, pick(1460, 1440, 1000, 536));
        loss = LOSSES[random.nextInt(LOSSES.length)];
        talks = random.nextBoolean();
        String knobs = DuelSettings.knobs(random, ecn);
        kernel.target.shell("sysctl -q -w " + knobs, line -> {});
        boolean active = oneIn(3);
        boolean fastopen = !active && oneIn(6);
        int rtt = pick(1, 10, 30, 30, 60);
        say(
                String.format(
                        Locale.ROOT,
                        "%s %s ts=%b sack=%b wscale=%b mss=%d loss=%.2f rtt=%d %s",
                        wire.v6 ? "v6" : "v4",
                        active ? "active" : fastopen ? "fastopen" : "passive",
                        peer.timestamps,
                        peer.sack,
                        peer.wscale,
                        peer.mss,
                        loss,
                        rtt,
                        knobs));
        int s = (int) kernel.call(41, wire.v6 ? AF_INET6 : AF_INET, 1 | NONBLOCK, 6, 0);
        StringBuilder options = new StringBuilder("options");
        for (int[] o : DuelSettings.options(random, fastopen)) {
            options.append(set(s, o[0], o[1], o[2]));
        }
        say(options.toString());
        kernel.call(49, s, kernel.address(local, KERNEL_PORT), wire.v6 ? 28 : 16, 0);
        if (!active) {
            kernel.call(50, s, 5, 0, 0);
        }
        kernel.begin();
        if (active) {
            connect(s, rtt);
        } else {
            accept(s, rtt, fastopen);
        }
    }

    private String set(int s, int level, int name, int... value) {
        long r = kernel.option(s, level, name, value);
        return " " + level + "/" + name + ":" + value[0] + "=" + r;
    }

    private void connect(int s, int rtt) {
        long r = kernel.timed(42, s, kernel.address(remote, PEER_PORT), wire.v6 ? 28 : 16, 0);
        fd = s;
        tell("connect=" + r, rtt);
        if (oneIn(6)) {
            kernel.inject(wire.segment(peer.syn(false)));
            tell("crossing syn", rtt);
            send(peer.ack());
        } else {
            kernel.inject(wire.segment(peer.syn(true)));
        }
        tell("established", 20);
    }

    private void accept(int s, int rtt, boolean fastopen) {
        Segment syn = peer.syn(false);
        int data = fastopen ? pick(0, 100, 1000) : 0;
        kernel.inject(wire.segment(syn.bytes(data)));
        peer.next += data;
        fd = s;
        say("syn =>" + listen(rtt));
        fd = (int) kernel.timed(288, s, 0, 0, NONBLOCK);
        if (fd >= 0 && oneIn(2)) {
            tell("early send=" + kernel.timed(44, fd, kernel.buffer, pick(100, 3000), 0x4000), 5);
        }
        send(peer.ack());
        if (fd < 0) {
            fd = s;
            say("ack =>" + listen(20));
            fd = (int) kernel.timed(288, s, 0, 0, NONBLOCK);
        }
        tell("established", 20);
    }

    // ---- one step ------------------------------------------------------------------------------

    private void send(Segment s) {
        kernel.inject(wire.segment(s));
    }

    private boolean step() {
        int wait = WAITS[random.nextInt(WAITS.length)];
        int k = random.nextInt(140);
        if (k < 24) {
            write(wait);
        } else if (k < 62) {
            arrivals(wait);
        } else if (k < 78) {
            data(wait);
        } else if (k < 86) {
            int flags = pick(0, 0, 0, 0, 2, 0x20, 1) | 0x40;
            int bytes = pick(1, 100, 2000, 100_000);
            long r = kernel.timed(45, fd, kernel.buffer, bytes, flags);
            tell("recv " + bytes + " flags " + flags + "=" + r, wait);
        } else if (k < 90) {
            peer.window = pick(0, 1, 10, 200, 1000) * (peer.wscale ? 1 : 30);
            send(peer.ack());
            tell("window " + peer.window, wait);
        } else if (k < 93) {
            tell("idle", 300 + 400 * random.nextInt(3));
        } else if (k < 97) {
            setOption(wait);
        } else if (k < 101) {
            icmp(wait);
        } else if (k < 122) {
            odd(k, wait);
        } else if (k < 130 && step > 10) {
            return ending(k, wait);
        } else {
            while (peer.waiting() > 0) {
                peer.arrive(false);
            }
            send(peer.ack());
            tell("all arrives", wait);
        }
        return true;
    }

    private void write(int wait) {
        int bytes = pick(1, 100, 1000, 5000, 10_000, 30_000, 60_000);
        int flags = pick(0, 0, 0, 0x8000, 0x8000, 1, 0x80) | 0x4000;
        long r = kernel.timed(44, fd, kernel.buffer, bytes, flags);
        tell("send " + bytes + " flags " + Integer.toHexString(flags) + "=" + r, wait);
    }

    private void arrivals(int wait) {
        int n = oneIn(3) ? peer.waiting() : 1 + random.nextInt(4);
        StringBuilder text = new StringBuilder("peer");
        for (int i = 0; i < n && peer.waiting() > 0; i++) {
            if (random.nextDouble() < loss) {
                text.append(" lost ").append(peer.firstWaiting() - peer.kernelIss);
                peer.lose();
                continue;
            }
            if (oneIn(12)) {
                peer.swap();
            }
            int before = peer.rcvNxt;
            boolean inOrder = peer.firstWaiting() == before;
            peer.arrive(oneIn(20));
            if (!inOrder || !oneIn(4)) {
                send(peer.ack());
                text.append(" ack ").append(peer.rcvNxt - peer.kernelIss).append(peer.said());
            }
        }
        tell(text.toString(), wait);
    }

    private void data(int wait) {
        if (!talks || (peer.finSent && !oneIn(4))) {
            tell("idle", wait);
            return;
        }
        int n = pick(1, 100, peer.payload(), peer.payload());
        Segment s = peer.ack().bytes(n);
        int psh = random.nextInt(2) * DuelWire.PSH;
        s = s.flags(s.flags() | psh);
        String what;
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> {
                what = "data";
                peer.next += n;
            }
            case 4 -> {
                what = "old data";
                s = s.at(peer.next - Math.min(n, peer.next - DuelPeer.ISS - 1));
            }
            case 5, 6 -> {
                what = "data ahead";
                s = s.at(peer.next + peer.payload() * (1 + random.nextInt(3)));
            }
            case 7 -> {
                what = "overlapping data";
                s = s.at(peer.next - Math.min(n / 2, peer.next - DuelPeer.ISS - 1));
                peer.next = s.seq() + n;
            }
            case 8 -> {
                what = "data far ahead";
                s = s.at(peer.next + 200_000);
            }
            case 9 -> {
                burst(s, wait, 5 + random.nextInt(60), false);
                return;
            }
            case 10 -> {
                what = "urgent data";
                s = s.urgent(1 + random.nextInt(n + 5));
                peer.next += n;
            }
            default -> {
                burst(s.bytes(peer.payload()), wait, 3 + random.nextInt(30), true);
                return;
            }
        }
        send(s);
        tell(what + " " + (s.seq() - DuelPeer.ISS) + "+" + n, wait);
    }

    private void burst(Segment first, int wait, int segments, boolean holes) {
        Segment s = holes ? first.at(first.seq() + peer.payload()) : first;
        for (int i = 0; i < segments; i++) {
            int tos = !peer.ecn ? 0 : oneIn(8) ? 3 : 2;
            send(s.tos(tos));
            s = s.at(s.seq() + s.len() * (holes ? 1 + random.nextInt(2) : 1));
        }
        if (!holes) {
            peer.next = s.seq();
        }
        tell((holes ? "holes " : "burst ") + segments + "*" + first.len(), wait);
    }

    private void setOption(int wait) {
        int[][] options = {
            {6, 1, 1},
            {6, 1, 0},
            {6, 3, 1},
            {6, 3, 0},
            {6, 12, 1},
            {6, 12, 0},
            {6, 25, 2000},
            {6, 10, 3000},
            {6, 18, 1500},
            {1, 8, 20_000},
            {1, 7, 20_000},
            {6, 25, 0},
            {1, 9, 1},
            {6, 8, 1},
            {6, 16, 1},
            {6, 17, 1},
            {6, 2, 600},
            {1, 47, 500_000},
            {1, 18, 3000}
        };
        int[] o = options[random.nextInt(options.length)];
        kernel.mark();
        tell("option" + set(fd, o[0], o[1], o[2]), wait);
    }

    private void icmp(int wait) {
        int seq = oneIn(5) ? peer.kernelIss + 5_000_000 : peer.rcvNxt;
        int mtu = pick(1400, 1300, 1280, 600, 70);
        byte[] p;
        String what;
        switch (random.nextInt(5)) {
            case 0, 1, 2 -> {
                what = "too big " + mtu;
                p = wire.v6 ? wire.icmp(2, 0, mtu, seq) : wire.icmp(3, 4, mtu, seq);
            }
            case 3 -> {
                what = "host unreachable";
                p = wire.v6 ? wire.icmp(1, 3, 0, seq) : wire.icmp(3, 1, 0, seq);
            }
            default -> {
                what = "port unreachable";
                p = wire.v6 ? wire.icmp(1, 4, 0, seq) : wire.icmp(3, 3, 0, seq);
            }
        }
        kernel.inject(p);
        tell(what + " " + (seq - peer.kernelIss), wait);
    }

    /// Segments that a good peer seldom or never sends.
    private void odd(int k, int wait) {
        Segment ack = peer.ack();
        Segment plain = ack.options(peer.timestampOption());
        String what;
        switch ((k - 101) / 2) {
            case 0 -> {
                what = "old ack";
                send(plain.acking(peer.rcvNxt - pick(1, 1000, 100_000)));
            }
            case 1 -> {
                what = "ack of the future";
                send(plain.acking(peer.rcvNxt + 1_000_000));
            }
            case 2 -> {
                what = "old timestamp";
                peer.tsSkew = -5000;
                send(peer.ack().bytes(100));
                peer.tsSkew = 0;
            }
            case 3 -> {
                what = "ece or urg";
                send(peer.ecn ? ack.flags(ack.flags() | DuelWire.ECE) : ack.urgent(3));
            }
            case 4 -> {
                what = "syn";
                send(plain.flags(DuelWire.SYN).at(peer.next + 10).acking(0));
            }
            case 5 -> {
                what = "reset in the window";
                send(plain.flags(DuelWire.RST).at(peer.next + 7).options(new byte[0]));
            }
            case 6 -> {
                what = "keepalive";
                send(plain.at(peer.next - 1));
            }
            case 7 -> {
                what = "no flags";
                send(plain.flags(0).bytes(10));
            }
            case 8 -> {
                what = "reneging";
                peer.renege();
                send(peer.ack());
            }
            case 9 -> {
                boolean on = random.nextBoolean();
                what = "congestion echo " + on;
                peer.echoCongestion(on);
                send(peer.ack());
            }
            default -> {
                what = "the same ack";
                send(ack);
            }
        }
        tell(what, wait);
    }

    /// Steps after which not much follows; false if it is over.
    private boolean ending(int k, int wait) {
        if (k < 124) {
            tell("shutdown=" + kernel.timed(48, fd, 1, 0, 0), wait);
        } else if (k < 125) {
            tell("shutdown for reading=" + kernel.timed(48, fd, 0, 0, 0), wait);
        } else if (k < 128 && !peer.finSent) {
            fin(random.nextInt(2) * 50);
            tell("fin", wait);
        } else if (k < 129) {
            send(peer.ack().flags(DuelWire.RST).options(new byte[0]));
            tell("reset", wait);
        } else {
            return false;
        }
        return true;
    }

    private void fin(int bytes) {
        Segment ack = peer.ack();
        send(ack.flags(ack.flags() | DuelWire.FIN).bytes(bytes));
        peer.next += bytes + 1;
        peer.finSent = true;
    }

    // ---- the end -------------------------------------------------------------------------------

    private void finish() {
        boolean drained = !oneIn(4);
        for (int i = 0; i < 4 && drained; i++) {
            if (peer.window == 0) {
                peer.window = peer.fullWindow();
            }
            while (peer.waiting() > 0) {
                peer.arrive(false);
            }
            send(peer.ack());
            tell("drained", 200);
        }
        if (oneIn(5)) {
            kernel.option(fd, 1, 13, 1, 0);
        }
        say("close=" + kernel.timed(3, fd, 0, 0, 0) + listen(50));
        while (peer.waiting() > 0) {
            peer.arrive(false);
        }
        send(peer.ack());
        say("last ack" + listen(50));
        if (!peer.finSent) {
            fin(0);
            say("fin" + listen(50));
        }
        send(peer.ack().bytes(10));
        say("late" + listen(600));
        kernel.counters().forEach(this::say);
    }
}
