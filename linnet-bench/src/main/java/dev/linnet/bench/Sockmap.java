package dev.linnet.bench;

import static dev.linnet.bench.Figures.check;
import static dev.linnet.bench.Figures.summary;

import dev.linnet.stack.Host;
import dev.linnet.stack.SockMap;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import java.nio.ByteBuffer;
import java.util.Locale;

/// A connection over Linnet's loopback, through TCP and past it by a sockmap, in turn: messages of 64
/// bytes that one thread writes and reads, and a stream of 1 GiB from one thread to another.
public final class Sockmap {
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 5;
    private static final int MESSAGES = 500_000;
    private static final int MESSAGE_BYTES = 64;
    private static final long STREAM_BYTES = 1L << 30;
    private static final int CHUNK = 64 * 1024;
    private static final SockAddr ADDRESS = new SockAddrIn(8080, 0x7f000001);
    private static final int SERVER = 1;

    private final Stack stack = Stack.create();
    private final Host host = stack.newHost("bench");
    private final Task task = host.newTask("bench");
    private final int listener;

    /// One connection.
    private record Pair(int client, int server) {}

    private Sockmap() {
        listener = check(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0));
        check(task.bind(listener, ADDRESS));
        check(task.listen(listener, 16));
    }

    public static void main(String[] args) throws InterruptedException {
        Sockmap bench = new Sockmap();
        Pair tcp = bench.connect();
        Pair past = bench.connect();
        SockMap map = bench.host.newSockMap(2);
        check(map.update(0, bench.task, past.client));
        check(map.update(SERVER, bench.task, past.server));
        map.attach(msg -> SERVER);
        double[][] got = new double[6][ROUNDS];
        for (int i = -WARM_UP; i < ROUNDS; i++) {
            int at = Math.max(i, 0); // rounds of warming up are overwritten
            got[0][at] = bench.messages(tcp);
            got[1][at] = bench.messages(past);
            got[2][at] = got[1][at] / got[0][at];
            got[3][at] = bench.stream(tcp);
            got[4][at] = bench.stream(past);
            got[5][at] = got[4][at] / got[3][at];
        }
        System.out.printf(
                Locale.ROOT,
                "messages/s of %d bytes  TCP %s  sockmap %s  sockmap / TCP %s%n",
                MESSAGE_BYTES,
                summary(got[0], 0),
                summary(got[1], 0),
                summary(got[2], 2));
        System.out.printf(
                Locale.ROOT,
                "stream MB/s  TCP %s  sockmap %s  sockmap / TCP %s%n",
                summary(got[3], 0),
                summary(got[4], 0),
                summary(got[5], 2));
        bench.stack.close();
    }

    private Pair connect() {
        int client = check(task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0));
        check(task.connect(client, ADDRESS));
        return new Pair(client, check(task.accept(listener)));
    }

    /// Messages a second, each written and read by this thread.
    private double messages(Pair pair) {
        ByteBuffer out = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        ByteBuffer in = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        long start = System.nanoTime();
        for (int i = 0; i < MESSAGES; i++) {
            check(task.write(pair.client, out));
            check(task.read(pair.server, in));
        }
        return MESSAGES * 1e9 / (System.nanoTime() - start);
    }

    /// Megabytes a second from one thread to another.
    private double stream(Pair pair) throws InterruptedException {
        Thread writer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    ByteBuffer out = ByteBuffer.allocateDirect(CHUNK);
                                    for (long n = 0; n < STREAM_BYTES; n += CHUNK) {
                                        check(task.write(pair.client, out));
                                    }
                                });
        ByteBuffer in = ByteBuffer.allocateDirect(CHUNK);
        long start = System.nanoTime();
        long got = 0;
        while (got < STREAM_BYTES) {
            got += check(task.read(pair.server, in));
        }
        double rate = got * 1e3 / (System.nanoTime() - start);
        writer.join();
        return rate;
    }
}
