package dev.linnet.packetdrill.linnet;

import dev.linnet.net.core.dev.Fq;
import dev.linnet.net.core.dev.FqConfig;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.Netem;
import dev.linnet.net.core.dev.NoQueue;
import dev.linnet.net.core.dev.Pfifo;
import dev.linnet.net.core.dev.Qdisc;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import dev.linnet.stack.Host;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `tc qdisc add|replace|change|del|show dev DEV root KIND [OPTION]…`, with the kinds `pfifo`,
/// `pfifo_fast`, `bfifo`, `fq`, `netem` (delay, jitter and loss) and `noqueue`.
final class TcCommand {
    private static final String USAGE =
            "tc: only 'tc qdisc add|replace|change|del|show dev DEV root KIND'\n";

    private static final Pattern NUMBER = Pattern.compile("([0-9.]+)([a-zA-Z%]*)");

    private static final Map<String, Double> TIMES =
            Map.of("", 1e3, "us", 1e3, "usec", 1e3, "ns", 1., "ms", 1e6, "msec", 1e6, "s", 1e9);

    /// Bytes a second.
    private static final Map<String, Double> RATES =
            Map.of(
                    "", .125, "bit", .125, "kbit", 125., "mbit", 125e3, "gbit", 125e6, "bps", 1.,
                    "kbps", 1e3, "mbps", 1e6, "gbps", 1e9);

    private static final Map<String, Double> SIZES =
            Map.of("", 1., "b", 1., "k", 1024., "kb", 1024., "m", 1048576., "mb", 1048576.);

    private final Host host;

    TcCommand(Host host) {
        this.host = host;
    }

    int run(List<String> args, ShellIo io) {
        Deque<String> words = new ArrayDeque<>(args);
        words.removeIf(word -> word.matches("-(s|d|p|batch)"));
        String object = words.isEmpty() ? "" : words.remove();
        if (!object.equals("qdisc") && !object.equals("q")) {
            io.err.append(USAGE);
            return 1;
        }
        String action = words.isEmpty() ? "show" : words.remove();
        NetDevice device = null;
        while (!words.isEmpty() && isPlace(words.peek())) {
            switch (words.remove()) {
                case "dev" ->
                        device = host.net().devices.byName(words.isEmpty() ? "" : words.remove());
                case "handle" -> words.poll();
                default -> {} // root
            }
        }
        if (device == null) {
            io.err.append("Cannot find device\n");
            return 1;
        }
        try {
            return act(action, device, words, io);
        } catch (IllegalArgumentException e) {
            io.err.append("tc: ").append(e.getMessage()).append('\n');
            return 1;
        }
    }

    private static boolean isPlace(String word) {
        return word.equals("dev") || word.equals("root") || word.equals("handle");
    }

    private static int act(String action, NetDevice device, Deque<String> words, ShellIo io) {
        boolean none = device.qdisc instanceof NoQueue;
        switch (action) {
            case "add" -> {
                if (!none) {
                    io.err.append("Error: Exclusivity flag on, cannot modify.\n");
                    return 2;
                }
                return set(device, words, io);
            }
            case "replace", "change" -> {
                return set(device, words, io);
            }
            case "del", "delete" -> {
                if (none) {
                    io.err.append("Error: Cannot delete qdisc with handle of zero.\n");
                    return 2;
                }
                exchange(device, new NoQueue());
            }
            case "show", "list", "ls" -> io.out.append(text(device)).append('\n');
            default -> {
                io.err.append(USAGE);
                return 1;
            }
        }
        return 0;
    }

    private static String text(NetDevice device) {
        String kind = device.qdisc.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        return "qdisc " + kind + " 8001: dev " + device.name + " root refcnt 2";
    }

    private static int set(NetDevice device, Deque<String> words, ShellIo io) {
        String kind = words.isEmpty() ? "" : words.remove();
        Qdisc made =
                switch (kind) {
                    case "pfifo", "pfifo_fast" -> new Pfifo((int) limit(words, device.txQueueLen));
                    case "bfifo" ->
                            Pfifo.ofBytes(limit(words, (long) device.txQueueLen * device.mtu));
                    case "fq" -> new Fq(device, fq(FqConfig.defaults(device), words));
                    case "netem" -> netem(device, words);
                    case "noqueue" -> new NoQueue();
                    default -> null;
                };
        if (made == null) {
            io.err.append("Error: Specified qdisc kind is unknown: '").append(kind);
            io.err.append("'; there are pfifo, pfifo_fast, bfifo, fq, netem and noqueue\n");
            return 2;
        }
        exchange(device, made);
        return 0;
    }

    private static void exchange(NetDevice device, Qdisc made) {
        Qdisc old = device.qdisc;
        device.qdisc = made;
        old.reset();
    }

    private static long limit(Deque<String> words, long normally) {
        long limit = normally;
        while (!words.isEmpty()) {
            String word = words.remove();
            if (!word.equals("limit")) {
                throw new IllegalArgumentException("what is '" + word + "'?");
            }
            limit = number(words, SIZES);
        }
        return limit;
    }

    private static FqConfig fq(FqConfig defaults, Deque<String> words) {
        FqConfig c = defaults;
        while (!words.isEmpty()) {
            c = option(c, words.remove(), words);
        }
        return c;
    }

    private static FqConfig option(FqConfig c, String name, Deque<String> words) {
        int limit = c.limit();
        int flowLimit = c.flowLimit();
        int quantum = c.quantum();
        int initial = c.initialQuantum();
        long maxRate = c.maxRate();
        boolean pacing = c.pacing();
        long low = c.lowRateThreshold();
        long refill = c.refillJiffies();
        long horizon = c.horizonNs();
        boolean drop = c.horizonDrop();
        int mask = c.orphanMask();
        switch (name) {
            case "limit" -> limit = (int) number(words, SIZES);
            case "flow_limit" -> flowLimit = (int) number(words, SIZES);
            case "quantum" -> quantum = (int) number(words, SIZES);
            case "initial_quantum" -> initial = (int) number(words, SIZES);
            case "maxrate" -> maxRate = number(words, RATES);
            case "pacing" -> pacing = true;
            case "nopacing" -> pacing = false;
            case "low_rate_threshold" -> low = number(words, RATES);
            case "refill_delay" -> refill = number(words, TIMES) / 1_000_000;
            case "horizon" -> horizon = number(words, TIMES);
            case "horizon_drop" -> drop = true;
            case "horizon_cap" -> drop = false;
            case "orphan_mask" -> mask = Integer.highestOneBit((int) number(words, SIZES) + 1) - 1;
            case "buckets", "timer_slack", "ce_threshold" -> number(words, TIMES);
            default -> throw new IllegalArgumentException("fq has no option '" + name + "'");
        }
        return new FqConfig(
                limit, flowLimit, quantum, initial, maxRate, pacing, low, refill, horizon, drop,
                mask);
    }

    private static Netem netem(NetDevice device, Deque<String> words) {
        long limit = 1000;
        long delay = 0;
        long jitter = 0;
        int lossPpm = 0;
        while (!words.isEmpty()) {
            String name = words.remove();
            switch (name) {
                case "limit" -> limit = number(words, SIZES);
                case "delay" -> {
                    delay = number(words, TIMES);
                    if (!words.isEmpty() && NUMBER.matcher(words.peek()).matches()) {
                        jitter = number(words, TIMES);
                    }
                }
                case "loss" -> {
                    if ("random".equals(words.peek())) {
                        words.remove();
                    }
                    lossPpm = (int) number(words, Map.of("%", 1e4, "", 1e4));
                }
                default -> throw new IllegalArgumentException("netem has no option '" + name + "'");
            }
        }
        return new Netem(device, (int) limit, delay, jitter, lossPpm);
    }

    /// The next word as a number with one of the units.
    private static long number(Deque<String> words, Map<String, Double> units) {
        String word = words.isEmpty() ? "" : words.remove();
        Matcher m = NUMBER.matcher(word);
        Double unit = m.matches() ? units.get(m.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("a number is expected, not '" + word + "'");
        }
        return (long) (Double.parseDouble(m.group(1)) * unit);
    }
}
