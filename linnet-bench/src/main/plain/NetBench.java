import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// TCP over loopback as any program uses it: plain JDK, no option of a particular network.
///
/// `java NetBench.java [workload...]` runs the named workloads one after the other in this JVM, or all of them, and
/// prints a line `workload median-or-rate unit` for each. Properties: `seconds` that each is measured (2), `warm`
/// seconds before that (8), `connections` of the selector (100), `pairs` of idle connections (9500).
public final class NetBench {
    private static final double SECONDS = Double.parseDouble(System.getProperty("seconds", "2"));
    private static final double WARM = Double.parseDouble(System.getProperty("warm", "8"));
    private static final int CONNECTIONS = Integer.getInteger("connections", 100);
    private static final int PAIRS = Integer.getInteger("pairs", 9500);
    private static final int CHUNK = 64 * 1024;
    private static final int MESSAGE = 64;
    private static final int BACKLOG = 4096;

    private NetBench() {}

    private interface Workload {
        Result run() throws Exception;
    }

    private record Result(double value, String unit) {}

    /// What may throw, in a thread.
    private interface Body {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Map<String, Workload> all = new LinkedHashMap<>();
        all.put("stream", NetBench::streamSocket);
        all.put("channel", NetBench::streamChannel);
        all.put("platform", () -> roundTrip(Thread.ofPlatform()));
        all.put("virtual", () -> roundTrip(Thread.ofVirtual()));
        all.put("connections", NetBench::connections);
        all.put("selector", NetBench::selectorEcho);
        all.put("idle", NetBench::idlePairs);
        for (String name : args.length == 0 ? all.keySet() : List.of(args)) {
            Result result = all.get(name).run();
            System.out.printf(Locale.ROOT, "%s %.3f %s%n", name, result.value, result.unit);
        }
    }

    // ---- one stream
    // --------------------------------------------------------------------------------

    /// Bytes that reach the reader of one connection, through streams.
    private static Result streamSocket() throws Exception {
        try (ServerSocket listener = listener()) {
            LongAdder received = new LongAdder();
            Thread reader =
                    start(
                            Thread.ofPlatform(),
                            () -> {
                                try (Socket socket = listener.accept()) {
                                    byte[] buffer = new byte[CHUNK];
                                    InputStream in = socket.getInputStream();
                                    for (int n; (n = in.read(buffer)) > 0; ) {
                                        received.add(n);
                                    }
                                }
                            });
            Socket socket = connect(listener);
            Thread writer =
                    start(
                            Thread.ofPlatform(),
                            () -> {
                                byte[] buffer = new byte[CHUNK];
                                OutputStream out = socket.getOutputStream();
                                untilClosed(() -> out.write(buffer));
                            });
            return rate(received, 1e6, "MB/s", () -> finish(socket, writer, reader));
        }
    }

    /// The same through channels with direct buffers.
    private static Result streamChannel() throws Exception {
        try (ServerSocketChannel listener = channelListener()) {
            LongAdder received = new LongAdder();
            Thread reader =
                    start(
                            Thread.ofPlatform(),
                            () -> {
                                try (SocketChannel channel = listener.accept()) {
                                    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
                                    for (int n; (n = channel.read(buffer.clear())) > 0; ) {
                                        received.add(n);
                                    }
                                }
                            });
            SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
            Thread writer =
                    start(
                            Thread.ofPlatform(),
                            () -> {
                                ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
                                untilClosed(() -> channel.write(buffer.clear()));
                            });
            return rate(received, 1e6, "MB/s", () -> finish(channel, writer, reader));
        }
    }

    private static void finish(AutoCloseable end, Thread... threads) throws Exception {
        end.close();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /// Repeats until the connection is closed under it.
    private static void untilClosed(Body step) throws Exception {
        try {
            while (true) {
                step.run();
            }
        } catch (IOException e) {
            return; // as intended
        }
    }

    // ---- round trips
    // -------------------------------------------------------------------------------

    /// The median of the times that one byte takes there and back.
    private static Result roundTrip(Thread.Builder threads) throws Exception {
        try (ServerSocket listener = listener()) {
            Thread echo =
                    start(
                            threads,
                            () -> {
                                try (Socket socket = listener.accept()) {
                                    socket.setTcpNoDelay(true);
                                    InputStream in = socket.getInputStream();
                                    OutputStream out = socket.getOutputStream();
                                    for (int b; (b = in.read()) >= 0; ) {
                                        out.write(b);
                                    }
                                }
                            });
            long[] median = new long[1];
            Thread asker = start(threads, () -> median[0] = ask(listener));
            asker.join();
            echo.join();
            return new Result(median[0] / 1e3, "us");
        }
    }

    private static long ask(ServerSocket listener) throws IOException {
        try (Socket socket = connect(listener)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            long[] took = new long[1 << 22];
            long warm = System.nanoTime() + (long) (WARM * 1e9);
            long end = warm + (long) (SECONDS * 1e9);
            int n = 0;
            for (long now = System.nanoTime(); now < end && n < took.length; ) {
                out.write(1);
                in.read();
                long after = System.nanoTime();
                took[n] = after - now;
                n = after < warm ? 0 : n + 1;
                now = after;
            }
            Arrays.sort(took, 0, n);
            return took[n / 2];
        }
    }

    // ---- connections
    // -------------------------------------------------------------------------------

    /// Connections made one after the other: connect, read one byte, reset.
    private static Result connections() throws Exception {
        try (ServerSocket listener = listener()) {
            Thread server =
                    start(
                            Thread.ofPlatform(),
                            () ->
                                    untilClosed(
                                            () -> {
                                                try (Socket socket = listener.accept()) {
                                                    greet(socket);
                                                }
                                            }));
            LongAdder made = new LongAdder();
            AtomicBoolean stop = new AtomicBoolean();
            Thread client =
                    start(
                            Thread.ofPlatform(),
                            () -> {
                                while (!stop.get()) {
                                    try (Socket socket = connect(listener)) {
                                        socket.getInputStream().read();
                                        socket.setSoLinger(true, 0);
                                    }
                                    made.increment();
                                }
                            });
            return rate(
                    made,
                    1,
                    "/s",
                    () -> {
                        stop.set(true);
                        client.join();
                        finish(listener, server);
                    });
        }
    }

    /// Gives the client its byte and waits until it has gone, which resets the connection.
    private static void greet(Socket socket) throws IOException {
        socket.getOutputStream().write(1);
        try {
            socket.getInputStream().read();
        } catch (SocketException e) {
            return; // the reset
        }
    }

    // ---- a selector
    // --------------------------------------------------------------------------------

    /// Messages echoed by one thread with a selector to another that has a selector too; each of the connections has
    /// one message under way.
    private static Result selectorEcho() throws Exception {
        try (ServerSocketChannel listener = channelListener();
                Selector server = Selector.open();
                Selector client = Selector.open()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                register(SocketChannel.open(listener.getLocalAddress()), client);
                register(listener.accept(), server);
            }
            for (SelectionKey key : client.keys()) {
                ((SocketChannel) key.channel()).write(ByteBuffer.allocate(MESSAGE));
            }
            LongAdder echoed = new LongAdder();
            AtomicBoolean stop = new AtomicBoolean();
            Thread answering =
                    start(Thread.ofPlatform(), () -> echoAll(server, stop, new LongAdder()));
            Thread asking = start(Thread.ofPlatform(), () -> echoAll(client, stop, echoed));
            return rate(
                    echoed,
                    1,
                    "/s",
                    () -> {
                        stop.set(true);
                        server.wakeup();
                        client.wakeup();
                        finish(() -> {}, answering, asking);
                        closeAll(server);
                        closeAll(client);
                    });
        }
    }

    private static void register(SocketChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ);
    }

    private static void echoAll(Selector selector, AtomicBoolean stop, LongAdder echoed)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE);
        while (!stop.get()) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                SocketChannel channel = (SocketChannel) key.channel();
                if (channel.read(buffer.clear()) > 0) {
                    channel.write(buffer.flip());
                    echoed.increment();
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private static void closeAll(Selector selector) throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
    }

    // ---- idle pairs
    // --------------------------------------------------------------------------------

    /// What an established connection costs, both ends: Java heap, and slab memory of the machine's kernel.
    private static Result idlePairs() throws Exception {
        try (ServerSocketChannel listener = channelListener()) {
            List<SocketChannel> ends = new ArrayList<>(2 * PAIRS + 200);
            addPairs(listener, ends, 100);
            long heap = heap();
            long slab = slab();
            addPairs(listener, ends, PAIRS);
            double perPair = (double) (heap() - heap + slab() - slab) / PAIRS;
            for (SocketChannel end : ends) {
                end.setOption(StandardSocketOptions.SO_LINGER, 0);
                end.close();
            }
            return new Result(perPair, "B/pair");
        }
    }

    private static void addPairs(ServerSocketChannel listener, List<SocketChannel> ends, int pairs)
            throws IOException {
        for (int i = 0; i < pairs; i++) {
            ends.add(SocketChannel.open(listener.getLocalAddress()));
            ends.add(listener.accept());
        }
    }

    private static long heap() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) { // one leaves what became garbage while it ran
            System.gc();
            Thread.sleep(100);
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /// Bytes of slab of the whole machine; 0 where it cannot be read.
    private static long slab() throws IOException {
        Path meminfo = Path.of("/proc/meminfo");
        if (!Files.exists(meminfo)) {
            return 0;
        }
        for (String line : Files.readAllLines(meminfo)) {
            if (line.startsWith("Slab:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        return 0;
    }

    // ---- common
    // ------------------------------------------------------------------------------------

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    private static ServerSocketChannel channelListener() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return ServerSocketChannel.open().bind(any, BACKLOG);
    }

    private static Socket connect(ServerSocket listener) throws IOException {
        return new Socket(listener.getInetAddress(), listener.getLocalPort());
    }

    /// How fast something is counted, after the warm-up; then ends it.
    private static Result rate(LongAdder counter, double per, String unit, Body end)
            throws Exception {
        Thread.sleep((long) (WARM * 1e3));
        long start = System.nanoTime();
        long before = counter.sum();
        Thread.sleep((long) (SECONDS * 1e3));
        double seconds = (System.nanoTime() - start) / 1e9;
        double value = (counter.sum() - before) / seconds / per;
        end.run();
        return new Result(value, unit);
    }

    private static Thread start(Thread.Builder threads, Body body) {
        return threads.start(
                () -> {
                    try {
                        body.run();
                    } catch (Exception e) {
                        e.printStackTrace();
                        System.exit(1);
                    }
                });
    }
}
