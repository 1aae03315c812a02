package dev.linnet.jvm.config;

import dev.linnet.stack.Host;
import dev.linnet.stack.SocketInfo;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What `--stats` prints.
final class Summary {
    private static final int NAME_WIDTH = 32;

    private Summary() {}

    static String of(Host host) {
        StringBuilder text = new StringBuilder();
        Map<String, Long> counters = new TreeMap<>(host.counters());
        text.append("linnet: host ").append(host.name()).append('\n');
        connections(text, counters);
        sockets(text, host);
        text.append("counters that are not 0\n");
        counters.forEach(
                (name, value) -> {
                    if (value != 0 && !isGauge(name)) {
                        line(text, name, value);
                    }
                });
        return text.toString();
    }

    /// Settings of the MIB, which count nothing.
    private static boolean isGauge(String name) {
        return switch (name) {
            case "IpForwarding",
                    "IpDefaultTTL",
                    "TcpRtoAlgorithm",
                    "TcpRtoMin",
                    "TcpRtoMax",
                    "TcpMaxConn" ->
                    true;
            default -> false;
        };
    }

    private static void connections(StringBuilder text, Map<String, Long> counters) {
        text.append("connections\n");
        line(text, "opened", count(counters, "TcpActiveOpens"));
        line(text, "accepted", count(counters, "TcpPassiveOpens"));
        line(text, "failed", count(counters, "TcpAttemptFails"));
        line(text, "reset", count(counters, "TcpEstabResets"));
        line(text, "segments sent again", count(counters, "TcpRetransSegs"));
    }

    private static long count(Map<String, Long> counters, String name) {
        return counters.getOrDefault(name, 0L);
    }

    private static void sockets(StringBuilder text, Host host) {
        text.append("sockets that are open\n");
        for (SocketInfo socket : host.sockets()) {
            text.append("  ")
                    .append(socket.netid())
                    .append(' ')
                    .append(socket.state().name().replace("TCP_", "").toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(socket.local())
                    .append(' ')
                    .append(socket.peer())
                    .append('\n');
        }
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append("  ").append(name);
        text.append(" ".repeat(Math.max(1, NAME_WIDTH - name.length()))).append(value).append('\n');
    }
}
