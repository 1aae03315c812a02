package dev.linnet.packetdrill.linnet;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.dev.RouteMetrics;
import dev.linnet.net.ipv4.Devinet;
import dev.linnet.net.ipv4.FibFrontend;
import dev.linnet.net.ipv4.PmtuExceptions;
import dev.linnet.net.ipv6.Addrconf;
import dev.linnet.net.ipv6.Ip6Fib;
import dev.linnet.net.ipv6.Ip6Pmtu;
import dev.linnet.net.tcp.TcpMetrics;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import dev.linnet.stack.Host;
import dev.linnet.uapi.Errno;
import dev.linnet.wire.Cidr;
import java.util.List;

/// `ip link`, `ip addr`, `ip route`, `ip tcp_metrics` on a stack.
final class IpCommand {
    private final Host host;

    IpCommand(Host host) {
        this.host = host;
    }

    int run(List<String> args, ShellIo io) {
        List<String> words = args.stream().filter(arg -> !arg.startsWith("-")).toList();
        if (words.size() < 2) {
            return fail(io, "what should be done?");
        }
        try {
            return switch (words.getFirst()) {
                case "tcp_metrics" -> tcpMetrics(words, io);
                case "route", "ro", "r" -> route(words, io);
                case "link", "l" -> link(words, io);
                case "addr", "address", "a" -> address(words, io);
                default -> fail(io, "'" + words.getFirst() + "' is not supported");
            };
        } catch (IllegalArgumentException e) {
            return fail(io, String.valueOf(e.getMessage()));
        }
    }

    private static String at(List<String> words, int at) {
        if (at >= words.size()) {
            throw new IllegalArgumentException("a word is missing after '" + words.getLast() + "'");
        }
        return words.get(at);
    }

    private static int fail(ShellIo io, String message) {
        io.err.append("ip: ").append(message).append('\n');
        return 1;
    }

    private int tcpMetrics(List<String> words, ShellIo io) {
        if (!words.get(1).equals("flush")) {
            return fail(io, "only 'ip tcp_metrics flush all'");
        }
        TcpMetrics.flush(host.net());
        return 0;
    }

    private int address(List<String> words, ShellIo io) {
        int dev = words.indexOf("dev");
        String action = words.get(1);
        boolean known = List.of("add", "replace", "del", "delete").contains(action);
        if (!known || words.size() < 3 || dev < 0) {
            return fail(io, "only 'ip addr add|del CIDR dev DEV'");
        }
        String cidr = prefix(at(words, 2));
        if (!action.startsWith("del")) {
            host.addAddress(at(words, dev + 1), cidr);
            return 0;
        }
        Cidr c = Cidr.parse(cidr);
        NetDevice device = host.device(at(words, dev + 1));
        int err =
                c.isV4()
                        ? Devinet.removeAddress(device, c.v4(), c.prefixLen())
                        : Addrconf.removeAddress(device, c.hi(), c.lo(), c.prefixLen());
        return err == 0 ? 0 : fail(io, "address " + cidr + ": " + Errno.name(-err));
    }

    private int link(List<String> words, ShellIo io) {
        if (!words.get(1).equals("set")) {
            return fail(io, "only 'ip link set DEV …'");
        }
        int at = at(words, 2).equals("dev") ? 3 : 2;
        NetDevice dev = host.device(at(words, at));
        for (int i = at + 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "up" -> host.setUp(dev.name, true);
                case "down" -> host.setUp(dev.name, false);
                case "mtu" -> host.setMtu(dev.name, Integer.parseInt(at(words, ++i)));
                case "gso_max_segs" -> dev.gsoMaxSegs = Integer.parseInt(at(words, ++i));
                case "gso_max_size" -> dev.gsoMaxSize = Integer.parseInt(at(words, ++i));
                case "txqueuelen" -> dev.txQueueLen = Integer.parseInt(at(words, ++i));
                default -> {
                    return fail(io, "link setting '" + words.get(i) + "' is not supported");
                }
            }
        }
        return 0;
    }

    private int route(List<String> words, ShellIo io) {
        String action = words.get(1);
        if (action.equals("flush") && words.getLast().equals("cache")) {
            PmtuExceptions.flush(host.net());
            Ip6Pmtu.flush(host.net());
            return 0;
        }
        boolean known = List.of("add", "change", "replace", "del", "delete").contains(action);
        if (!known || words.size() < 3) {
            return fail(io, "route action '" + action + "' is not supported");
        }
        String cidr = prefix(at(words, 2));
        RouteMetrics metrics = RouteMetrics.NONE;
        String via = null;
        String dev = null;
        for (int i = 3; i < words.size(); i++) {
            String key = words.get(i);
            switch (key) {
                case "via" -> via = at(words, ++i);
                case "dev" -> dev = at(words, ++i);
                case "proto", "scope", "metric", "src", "table" -> i++;
                default -> {
                    int rtax = metric(key);
                    boolean lock = i + 1 < words.size() && words.get(i + 1).equals("lock");
                    i += lock ? 2 : 1;
                    if (rtax < 0 || i >= words.size()) {
                        return fail(io, "route attribute '" + key + "' is not supported");
                    }
                    metrics = metrics.with(rtax, value(key, words.get(i)));
                    metrics = lock ? metrics.lock(rtax) : metrics;
                }
            }
        }
        if (!action.equals("add")) {
            remove(cidr);
        }
        if (!action.startsWith("del")) {
            host.addRoute(cidr, via, dev, metrics);
        }
        return 0;
    }

    private String prefix(String text) {
        if (text.equals("default")) {
            return "0.0.0.0/0";
        }
        return text.contains("/") ? text : text + (text.contains(":") ? "/128" : "/32");
    }

    private void remove(String cidr) {
        Cidr c = Cidr.parse(cidr);
        if (c.isV4()) {
            FibFrontend.removeRoute(host.net(), c.v4(), c.prefixLen(), 0, null);
        } else {
            Ip6Fib.removeRoute(host.net(), c.hi(), c.lo(), c.prefixLen(), 0, 0, null);
        }
    }

    private static int metric(String name) {
        return switch (name) {
            case "mtu" -> RouteMetrics.RTAX_MTU;
            case "window" -> RouteMetrics.RTAX_WINDOW;
            case "rtt" -> RouteMetrics.RTAX_RTT;
            case "rttvar" -> RouteMetrics.RTAX_RTTVAR;
            case "ssthresh" -> RouteMetrics.RTAX_SSTHRESH;
            case "cwnd" -> RouteMetrics.RTAX_CWND;
            case "advmss" -> RouteMetrics.RTAX_ADVMSS;
            case "reordering" -> RouteMetrics.RTAX_REORDERING;
            case "hoplimit" -> RouteMetrics.RTAX_HOPLIMIT;
            case "initcwnd" -> RouteMetrics.RTAX_INITCWND;
            case "features" -> RouteMetrics.RTAX_FEATURES;
            case "rto_min" -> RouteMetrics.RTAX_RTO_MIN;
            case "initrwnd" -> RouteMetrics.RTAX_INITRWND;
            case "quickack" -> RouteMetrics.RTAX_QUICKACK;
            case "fastopen_no_cookie" -> RouteMetrics.RTAX_FASTOPEN_NO_COOKIE;
            default -> -1;
        };
    }

    /// Times are milliseconds unless they say `s` or `us`; `features ecn` is a bit.
    private static int value(String name, String text) {
        if (name.equals("features")) {
            return text.equals("ecn") ? 1 : 0;
        }
        String digits = text.replaceAll("[a-z]+$", "");
        int number = Integer.parseInt(digits);
        return text.endsWith("ms") || !text.endsWith("s") ? number : number * 1000;
    }
}
