package dev.linnet.junit;

import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.SocketInfo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What happened on the network of a test that failed; hangs on the test's exception as a suppressed one. It has no
/// stack trace of its own.
final class NetworkFailure extends Exception {
    NetworkFailure(String text) {
        super(text, null, false, false);
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }

    /// The state of a network at one moment, as text is made of it later.
    ///
    /// @param sockets lines of them
    /// @param counters of each host that moved since `before` was taken
    /// @param drops packets that died, by reason
    record Snapshot(String sockets, String counters, String drops) {}

    /// Every counter of every host.
    static Map<String, Map<String, Long>> counters(TestNetwork network) {
        Map<String, Map<String, Long>> all = new HashMap<>();
        network.stack().hosts().forEach(host -> all.put(host.name(), host.counters()));
        return all;
    }

    static Snapshot snapshot(TestNetwork network, Map<String, Map<String, Long>> before) {
        StringBuilder sockets = new StringBuilder();
        StringBuilder counters = new StringBuilder();
        for (Host host : network.stack().hosts()) {
            host.sockets().forEach(socket -> line(sockets, host, text(socket)));
            Map<String, Long> old = before.getOrDefault(host.name(), Map.of());
            Map<String, Long> moved = new TreeMap<>();
            host.counters()
                    .forEach(
                            (name, value) -> {
                                long by = value - old.getOrDefault(name, 0L);
                                if (by != 0) {
                                    moved.put(name, by);
                                }
                            });
            if (!moved.isEmpty()) {
                line(counters, host, text(moved));
            }
        }
        return new Snapshot(
                sockets.toString(),
                counters.toString(),
                text(new TreeMap<>(network.stack().drops())));
    }

    private static void line(StringBuilder text, Host host, String what) {
        text.append("\n    ").append(host.name()).append(' ').append(what);
    }

    private static String text(SocketInfo socket) {
        return socket.netid()
                + " "
                + socket.state()
                + " "
                + socket.local()
                + " <-> "
                + socket.peer()
                + ", not read "
                + socket.recvQ()
                + ", not acknowledged "
                + socket.sendQ();
    }

    private static String text(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /// The report of a test.
    ///
    /// @param file where the capture is, or null if there is none
    static String text(
            TestNetwork network,
            boolean seedIsGiven,
            Snapshot state,
            @Nullable Path file,
            @Nullable String note) {
        StringBuilder text = new StringBuilder("the network of this test:");
        long seed = network.stack().seed();
        text.append("\n  seed ").append(seed);
        text.append(network.stack().isVirtual() ? ", virtual time" : ", real time");
        if (!seedIsGiven) {
            text.append("; the same again with seed = ").append(seed);
            text.append(" in @LinnetNetwork, or -Dlinnet.seed=").append(seed);
        }
        text.append("\n  hosts: ");
        text.append(
                network.hostNames().stream()
                        .map(name -> name + addresses(network, name))
                        .collect(Collectors.joining(", ")));
        text.append("\n  links: ").append(network.describeJoints());
        Capture capture = network.capture();
        if (file != null && capture != null) {
            text.append("\n  capture: ").append(file);
            text.append(" (").append(capture.recentPackets()).append(" packets");
            if (capture.recentPackets() < capture.packets()) {
                text.append(", the last of ").append(capture.packets());
            }
            text.append("; each link is captured at both ends)");
        }
        part(text, "sockets", state.sockets);
        part(text, "counters that moved", state.counters);
        part(text, "packets that died", state.drops.isEmpty() ? "" : " " + state.drops);
        part(text, "note", note == null ? "" : " " + note);
        return text.toString();
    }

    private static String addresses(TestNetwork network, String host) {
        return network.addresses().getOrDefault(host, List.of()).stream()
                .map(address -> " " + address.getHostAddress())
                .collect(Collectors.joining());
    }

    private static void part(StringBuilder text, String title, String lines) {
        if (!lines.isEmpty()) {
            text.append("\n  ").append(title).append(':').append(lines);
        }
    }
}
