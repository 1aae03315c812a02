package dev.linnet.bench;

import dev.linnet.host.HostNamespace;
import dev.linnet.host.HostProc;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.function.ToDoubleFunction;

/// Linnet's loopback beside the kernel's, the same code on both, interleaved in one run: a stream, a
/// round trip on platform and on virtual threads, connections per second. Run as root, so that the
/// kernel's side gets a namespace of its own with the congestion control reno.
public final class SideBySide {
    private static final int ROUNDS = 5;
    private static final long STREAM_BYTES = 8L << 30;
    private static final int TRIPS = 20_000;
    private static final int CONNECTIONS = 10_000;
    private static final int CHUNK = 64 * 1024;

    private SideBySide() {}

    public static void main(String[] args) throws Exception {
        HostNamespace.run(
                () -> {
                    HostProc.setSysctl("net.ipv4.tcp_congestion_control", "reno");
                    try (Wires kernel = new KernelWires();
                            Wires linnet = new LinnetWires()) {
                        compare("stream, MB/s", kernel, linnet, SideBySide::stream, true);
                        compare(
                                "round trip, platform threads, us",
                                kernel,
                                linnet,
                                w -> roundTrip(w, Thread.ofPlatform().factory()),
                                false);
                        compare(
                                "round trip, virtual threads, us",
                                kernel,
                                linnet,
                                w -> roundTrip(w, Thread.ofVirtual().factory()),
                                false);
                        compare("connections/s", kernel, linnet, SideBySide::connections, true);
                    }
                    return 0;
                });
    }

    private static void compare(
            String what,
            Wires kernel,
            Wires linnet,
            ToDoubleFunction<Wires> measure,
            boolean more) {
        double[] k = new double[ROUNDS];
        double[] l = new double[ROUNDS];
        measure.applyAsDouble(kernel);
        measure.applyAsDouble(linnet);
        for (int i = 0; i < ROUNDS; i++) {
            k[i] = measure.applyAsDouble(kernel);
            l[i] = measure.applyAsDouble(linnet);
        }
        Arrays.sort(k);
        Arrays.sort(l);
        System.out.printf(
                Locale.ROOT,
                "%-34s kernel %10.1f (%.1f-%.1f)  linnet %10.1f (%.1f-%.1f)  linnet/kernel %.2f%s%n",
                what,
                k[ROUNDS / 2],
                k[0],
                k[ROUNDS - 1],
                l[ROUNDS / 2],
                l[0],
                l[ROUNDS - 1],
                l[ROUNDS / 2] / k[ROUNDS / 2],
                more ? "" : " (less is better)");
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
