package dev.linnet.bench;

import static dev.linnet.bench.Figures.summary;

import dev.linnet.host.HostNamespace;
import dev.linnet.host.HostProc;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToDoubleFunction;

/// Linnet's loopback beside the kernel's, the same code on both, interleaved in one run: a stream, a
/// round trip on platform and on virtual threads, connections per second. Run as root, so that the
/// kernel's side gets a namespace of its own with the congestion control reno.
public final class SideBySide {
    private static final int ROUNDS = 9;
    private static final long STREAM_BYTES = 4L << 30;
    private static final int WARM_UP = 3;
    private static final int TRIPS = 20_000;
    private static final int CONNECTIONS = 10_000;
    private static final int CHUNK = 64 * 1024;

    private SideBySide() {}

    /// Arguments: the workloads to run (`stream`, `platform`, `virtual`, `connections`); none means
    /// all.
    public static void main(String[] args) throws Exception {
        Set<String> wanted = Set.of(args);
        HostNamespace.run(
                () -> {
                    HostProc.setSysctl("net.ipv4.tcp_congestion_control", "reno");
                    try (Wires kernel = new KernelWires();
                            Wires linnet = new LinnetWires()) {
                        for (Workload w : WORKLOADS) {
                            if (wanted.isEmpty() || wanted.contains(w.name)) {
                                compare(w, kernel, linnet);
                            }
                        }
                    }
                    return 0;
                });
    }

    /// What is measured, and whether more of it is better.
    private record Workload(
            String name, String unit, ToDoubleFunction<Wires> measure, boolean more) {}

    private static final List<Workload> WORKLOADS =
            List.of(
                    new Workload("stream", "MB/s", SideBySide::stream, true),
                    new Workload(
                            "platform",
                            "us per round trip",
                            w -> roundTrip(w, Thread.ofPlatform().factory()),
                            false),
                    new Workload(
                            "virtual",
                            "us per round trip",
                            w -> roundTrip(w, Thread.ofVirtual().factory()),
                            false),
                    new Workload("connections", "per s", SideBySide::connections, true));

    /// Both in turn, so that what else the machine does hits both; the ratio is of pairs.
    private static void compare(Workload workload, Wires kernel, Wires linnet) {
        double[] k = new double[ROUNDS];
        double[] l = new double[ROUNDS];
        double[] ratio = new double[ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            int at = Math.max(i, 0); // rounds of warming up are overwritten
            k[at] = workload.measure.applyAsDouble(kernel);
            l[at] = workload.measure.applyAsDouble(linnet);
            ratio[at] = l[at] / k[at];
        }
        System.out.printf(
                Locale.ROOT,
                "%-12s %-18s kernel %s  linnet %s  linnet/kernel %s%s%n",
                workload.name,
                workload.unit,
                summary(k, 1),
                summary(l, 1),
                summary(ratio, 2),
                workload.more ? "" : " (less is better)");
    }

    private static double stream(Wires wires) {
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try (Wires.End end = wires.accept()) {
                                        ByteBuffer buffer = ByteBuffer.allocateDirect(4 * CHUNK);
                                        while (end.read(buffer.clear()) > 0) {
                                            continue;
                                        }
                                    }
                                });
        long start = System.nanoTime();
        try (Wires.End end = wires.connect()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
            for (long sent = 0; sent < STREAM_BYTES; sent += CHUNK) {
                end.write(buffer.clear());
            }
        }
        join(reader);
        return STREAM_BYTES * 1e3 / (System.nanoTime() - start);
    }

    private static double roundTrip(Wires wires, ThreadFactory threads) {
        double[] result = new double[1];
        Thread echo =
                threads.newThread(
                        () -> {
                            try (Wires.End end = wires.accept()) {
                                ByteBuffer one = ByteBuffer.allocateDirect(1);
                                while (end.read(one.clear()) > 0) {
                                    end.write(one.flip());
                                }
                            }
                        });
        Thread asker =
                threads.newThread(
                        () -> {
                            try (Wires.End end = wires.connect()) {
                                long[] took = new long[TRIPS];
                                ByteBuffer one = ByteBuffer.allocateDirect(1);
                                for (int i = 0; i < TRIPS; i++) {
                                    long start = System.nanoTime();
                                    end.write(one.clear());
                                    end.read(one.clear());
                                    took[i] = System.nanoTime() - start;
                                }
                                Arrays.sort(took);
                                result[0] = took[TRIPS / 2] / 1e3;
                            }
                        });
        echo.start();
        asker.start();
        join(asker);
        join(echo);
        return result[0];
    }

    private static double connections(Wires wires) {
        Thread server =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    ByteBuffer one = ByteBuffer.allocateDirect(1);
                                    for (int i = 0; i < CONNECTIONS; i++) {
                                        Wires.End end = wires.accept();
                                        end.write(one.clear());
                                        end.read(one.clear());
                                        end.close();
                                    }
                                });
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        long start = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            Wires.End end = wires.connect();
            end.read(one.clear());
            end.reset();
        }
        join(server);
        return CONNECTIONS * 1e9 / (System.nanoTime() - start);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
