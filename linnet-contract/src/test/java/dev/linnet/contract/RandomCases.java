package dev.linnet.contract;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/// Random programs of one thread with channels that do not block: what each step says, for a seed.
final class RandomCases {
    private static final int PROGRAMS = Integer.getInteger("contract.programs", 40);
    private static final int STEPS = 90;
    private static final int FIRST_SEED = Integer.getInteger("contract.seed", 1);

    /// So that what a step has caused elsewhere has happened before the next.
    private static final int SETTLE_MS = 3;

    private static final List<SocketOption<?>> OPTIONS =
            List.of(
                    StandardSocketOptions.SO_KEEPALIVE,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_LINGER,
                    StandardSocketOptions.TCP_NODELAY,
                    StandardSocketOptions.SO_BROADCAST,
                    StandardSocketOptions.IP_TOS);

    private final Trace t;
    private final Random random;
    private final Selector selector;
    private final List<SelectableChannel> channels = new ArrayList<>();
    private final SocketAddress refusing;
    private int addresses;

    /// Where sockets of the UNIX domain are bound; null in a program of the internet.
    private final Path directory;

    private RandomCases(Trace t, long seed, Path directory) throws Exception {
        this.t = t;
        this.directory = directory;
        this.random = new Random(seed);
        this.selector = t.open(Selector.open());
        this.refusing =
                directory == null
                        ? Net.refusing(t)
                        : UnixDomainSocketAddress.of(directory.resolve("none"));
    }

    static void addTo(Suite s) {
        for (int i = FIRST_SEED; i < FIRST_SEED + PROGRAMS; i++) {
            long seed = i;
            s.add("program " + i, t -> new RandomCases(t, seed, null).run());
            s.add("UNIX program " + i, t -> new RandomCases(t, seed, UnixCases.directory(t)).run());
        }
    }

    private void run() throws Exception {
        add(listener());
        add(directory == null ? DatagramChannel.open().bind(Net.any()) : listener());
        for (int i = 0; i < STEPS; i++) {
            int step = random.nextInt(100);
            if (step < 12 || channels.size() < 4) {
                open();
            } else if (step < 25) {
                select();
            } else {
                int at = random.nextInt(channels.size());
                String name = "c" + at + " ";
                switch (channels.get(at)) {
                    case SocketChannel c -> onSocket(name, c);
                    case ServerSocketChannel c -> onListener(name, c);
                    case DatagramChannel c -> onDatagram(name, c);
                    case Pipe.SourceChannel c -> t.value(name + "read", () -> c.read(room()));
                    case Pipe.SinkChannel c -> t.value(name + "write", () -> c.write(data()));
                    default -> throw new AssertionError();
                }
                if (random.nextInt(6) == 0) {
                    onAny(name, channels.get(at));
                }
            }
            Thread.sleep(SETTLE_MS);
        }
    }

    private void add(SelectableChannel c) throws Exception {
        c.configureBlocking(false);
        channels.add(t.open(c));
        t.say("c" + (channels.size() - 1), c.getClass().getSuperclass());
    }

    private ServerSocketChannel listener() throws Exception {
        return directory == null
                ? ServerSocketChannel.open().bind(Net.any())
                : ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address());
    }

    /// One that nobody has.
    private SocketAddress address() {
        return directory == null
                ? Net.any()
                : UnixDomainSocketAddress.of(directory.resolve("s" + addresses++));
    }

    private void open() throws Exception {
        switch (random.nextInt(8)) {
            case 0 -> add(listener());
            case 1 -> add(directory == null ? DatagramChannel.open() : listener());
            case 2 -> {
                Pipe p = Pipe.open();
                add(p.source());
                add(p.sink());
            }
            default ->
                    add(
                            directory == null
                                    ? SocketChannel.open()
                                    : SocketChannel.open(StandardProtocolFamily.UNIX));
        }
    }

    /// Two connections may come to have the same port by chance.
    private static String portless(Object o) {
        return String.valueOf(o).replaceAll("([:=])\\d{5}\\b", "$1PORT");
    }

    private ByteBuffer room() {
        return ByteBuffer.allocate(random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(3000));
    }

    private ByteBuffer data() {
        return ByteBuffer.allocate(random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3000));
    }

    /// The address of one of the channels that have one, or one that refuses.
    private SocketAddress target(Class<?> kind) throws Exception {
        List<SocketAddress> all = new ArrayList<>();
        for (SelectableChannel c : channels) {
            if (kind.isInstance(c)
                    && c.isOpen()
                    && ((NetworkChannel) c).getLocalAddress() != null) {
                all.add(((NetworkChannel) c).getLocalAddress());
            }
        }
        return all.isEmpty() || random.nextInt(6) == 0
                ? refusing
                : all.get(random.nextInt(all.size()));
    }

    private void onSocket(String name, SocketChannel c) throws Exception {
        switch (random.nextInt(18)) {
            case 0, 1, 2, 3 -> {
                SocketAddress to = target(ServerSocketChannel.class);
                t.value(name + "connect", () -> c.connect(to));
            }
            case 4, 5 -> t.value(name + "finish", c::finishConnect);
            case 6, 7 -> t.value(name + "read", () -> c.read(room()));
            case 8 -> t.value(name + "scatter", () -> c.read(new ByteBuffer[] {room(), room()}));
            case 9, 10 -> t.value(name + "write", () -> c.write(data()));
            case 11 -> t.value(name + "gather", () -> c.write(new ByteBuffer[] {data(), data()}));
            case 12 -> t.call(name + "shutdown out", () -> c.shutdownOutput());
            case 13 -> t.call(name + "shutdown in", () -> c.shutdownInput());
            case 14 -> {
                SocketAddress at = address();
                t.value(name + "bind", () -> c.bind(at) == c);
            }
            case 15 -> {
                t.say(name + "states", c.isConnected() + " " + c.isConnectionPending());
                t.say(name + "text", portless(c));
            }
            case 16 -> t.value(name + "remote", () -> portless(c.getRemoteAddress()));
            default -> {
                if (directory == null) {
                    t.say(
                            name + "socket",
                            c.socket().isConnected()
                                    + " "
                                    + c.socket().isBound()
                                    + " "
                                    + c.socket().isInputShutdown()
                                    + " "
                                    + c.socket().isOutputShutdown());
                }
            }
        }
    }

    private void onListener(String name, ServerSocketChannel c) throws Exception {
        if (random.nextInt(6) == 0) {
            t.value(name + "local", () -> portless(c.getLocalAddress()));
            return;
        }
        SocketChannel[] taken = new SocketChannel[1];
        t.value(
                name + "accept",
                () -> {
                    taken[0] = c.accept();
                    return taken[0] == null ? "none" : portless(taken[0]);
                });
        if (taken[0] != null) {
            add(taken[0]);
        }
    }

    private void onDatagram(String name, DatagramChannel c) throws Exception {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                SocketAddress to = target(DatagramChannel.class);
                boolean port = ((InetSocketAddress) to).getAddress().isAnyLocalAddress();
                t.value(name + "send", () -> port ? -1 : c.send(data(), to));
            }
            case 3, 4 -> t.value(name + "receive", () -> c.receive(room()) != null);
            case 5 -> t.value(name + "read", () -> c.read(room()));
            case 6 -> t.value(name + "write", () -> c.write(data()));
            case 7 -> {
                SocketAddress to = target(DatagramChannel.class);
                t.value(name + "connect", () -> c.connect(to).isConnected());
            }
            case 8 -> t.value(name + "disconnect", () -> c.disconnect().isConnected());
            default -> t.value(name + "bind", () -> c.bind(Net.any()) == c);
        }
    }

    private void onAny(String name, SelectableChannel c) throws Exception {
        switch (random.nextInt(9)) {
            case 0 -> t.call(name + "close", c::close);
            case 1, 2, 3 -> {
                int ops = random.nextInt(32) & c.validOps();
                t.value(name + "register " + ops, () -> c.register(selector, ops).interestOps());
            }
            case 4 -> {
                SelectionKey k = c.keyFor(selector);
                int ops = random.nextInt(32) & c.validOps();
                t.value(name + "interest " + ops, () -> k == null ? null : k.interestOpsOr(ops));
            }
            case 5 -> {
                SelectionKey k = c.keyFor(selector);
                t.value(name + "cancel", () -> k == null ? null : k.isValid());
                if (k != null) {
                    k.cancel();
                }
            }
            case 6 -> t.value(name + "block", () -> c.configureBlocking(false).isRegistered());
            default -> {
                if (c instanceof NetworkChannel n && directory == null) {
                    option(name, n, OPTIONS.get(random.nextInt(OPTIONS.size())));
                }
            }
        }
    }

    private <T> void option(String name, NetworkChannel c, SocketOption<T> o) {
        Object value =
                o.type() == Boolean.class
                        ? (Object) random.nextBoolean()
                        : (Object) (random.nextInt(3) - 1);
        t.call(name + o + ":" + value, () -> c.setOption(o, o.type().cast(value)));
        t.value(name + o, () -> c.getOption(o));
    }

    /// Who is ready, by the channels' numbers.
    private void select() {
        if (random.nextBoolean()) {
            selector.selectedKeys().clear();
        }
        t.value("select", selector::selectNow);
        TreeMap<Integer, Integer> ready = new TreeMap<>();
        for (SelectionKey k : selector.selectedKeys()) {
            ready.put(channels.indexOf(k.channel()), k.isValid() ? k.readyOps() : -1);
        }
        t.say("ready", ready);
        TreeSet<Integer> keys = new TreeSet<>();
        selector.keys().forEach(k -> keys.add(channels.indexOf(k.channel())));
        t.say("keys", keys);
    }
}
