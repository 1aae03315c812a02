package dev.linnet.contract;

import dev.linnet.contract.Net.Pair;
import java.io.Closeable;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// Calls that wait, and what ends them, at the same time: whichever comes first, the call ends, and with something that
/// fits. What differs from time to time is not told.
final class RaceCases {
    private static final int ROUNDS = 60;
    private static final int SPREAD_US = 300;
    private static final Duration LONG = Duration.ofSeconds(8);

    private RaceCases() {}

    /// A call and what it works on.
    ///
    /// @param open whether that is open still
    /// @param owned what is closed after the round
    private record Round(
            Callable<?> call, Closeable target, Callable<Boolean> open, Closeable... owned) {}

    @FunctionalInterface
    private interface Setting {
        Round make(Trace t) throws Exception;
    }

    static void addTo(Suite s) {
        closed(s, "read", RaceCases::read, "AsynchronousCloseException", "ClosedChannelException");
        closed(
                s,
                "accept",
                RaceCases::accept,
                "AsynchronousCloseException",
                "ClosedChannelException");
        closed(
                s,
                "receive",
                RaceCases::receive,
                "AsynchronousCloseException",
                "ClosedChannelException");
        closed(
                s,
                "pipe read",
                RaceCases::pipe,
                "AsynchronousCloseException",
                "ClosedChannelException");
        closed(
                s,
                "connect",
                RaceCases::connect,
                "AsynchronousCloseException",
                "ClosedChannelException");
        closed(s, "select", RaceCases::select, "ClosedSelectorException", "0");
        closed(s, "socket read", RaceCases::socketRead, "SocketException");
        closed(s, "socket accept", RaceCases::socketAccept, "SocketException");
        closed(s, "socket receive", RaceCases::socketReceive, "SocketException");
        interrupted(s, "read", RaceCases::read);
        interrupted(s, "accept", RaceCases::accept);
        interrupted(s, "receive", RaceCases::receive);
        interrupted(s, "pipe read", RaceCases::pipe);
        interrupted(s, "connect", RaceCases::connect);
        woken(s);
        data(s);
    }

    // ---- what is called

    private static Round read(Trace t) throws Exception {
        Pair p = Net.pair(t);
        return round(
                p.server(), () -> p.server().read(ByteBuffer.allocate(1)), p.server(), p.client());
    }

    private static Round round(Channel c, Callable<?> call, Closeable... owned) {
        return new Round(call, c, c::isOpen, owned);
    }

    private static Round accept(Trace t) throws Exception {
        ServerSocketChannel l = Net.listen(t);
        return round(l, l::accept, l);
    }

    private static Round receive(Trace t) throws Exception {
        DatagramChannel d = Net.datagram(t);
        return round(d, () -> d.receive(ByteBuffer.allocate(1)), d);
    }

    private static Round pipe(Trace t) throws Exception {
        Pipe p = Pipe.open();
        return round(
                p.source(), () -> p.source().read(ByteBuffer.allocate(1)), p.source(), p.sink());
    }

    private static Round connect(Trace t) throws Exception {
        SocketAddress silent = Net.silent(t);
        SocketChannel c = SocketChannel.open();
        return round(c, () -> c.connect(silent), c);
    }

    private static Round select(Trace t) throws Exception {
        Selector s = Selector.open();
        return new Round(s::select, s, s::isOpen, s);
    }

    private static Round socketRead(Trace t) throws Exception {
        Net.Sockets p = Net.sockets(t);
        return new Round(
                () -> p.server().getInputStream().read(),
                p.server(),
                () -> !p.server().isClosed(),
                p.server(),
                p.client());
    }

    private static Round socketAccept(Trace t) throws Exception {
        ServerSocket l = Net.listenSocket(t);
        return new Round(l::accept, l, () -> !l.isClosed(), l);
    }

    private static Round socketReceive(Trace t) throws Exception {
        DatagramSocket d = new DatagramSocket(0, Net.loopback());
        Callable<?> receive =
                () -> {
                    d.receive(new DatagramPacket(new byte[1], 1));
                    return "datagram";
                };
        return new Round(receive, d, () -> !d.isClosed(), d);
    }

    // ---- what ends it

    /// What ended a call: a value, or an exception's class.
    private static final class Waiter implements Runnable {
        private final Callable<?> call;
        volatile String end = "nothing";
        volatile boolean interrupted;

        Waiter(Callable<?> call) {
            this.call = call;
        }

        @Override
        public void run() {
            try {
                end = String.valueOf(call.call());
            } catch (Throwable e) {
                end = e.getClass().getSimpleName();
            }
            interrupted = Thread.currentThread().isInterrupted();
        }
    }

    private static Thread start(boolean virtual, Runnable body) {
        return virtual ? Thread.startVirtualThread(body) : Thread.ofPlatform().daemon().start(body);
    }

    private static void pause(Random random) {
        long end = System.nanoTime() + random.nextInt(SPREAD_US) * 1000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void closed(Suite s, String name, Setting setting, String... fits) {
        for (boolean virtual : new boolean[] {false, true}) {
            s.add(
                    name + " and close" + (virtual ? " (virtual)" : ""),
                    t -> {
                        TreeSet<String> wrong = new TreeSet<>();
                        Random random = new Random(name.hashCode());
                        for (int i = 0; i < ROUNDS; i++) {
                            try (Trace own = new Trace(virtual)) {
                                Round r = setting.make(own);
                                Waiter waiter = new Waiter(r.call());
                                Thread thread = start(virtual, waiter);
                                pause(random);
                                r.target().close();
                                if (!thread.join(LONG)) {
                                    wrong.add("hangs");
                                } else if (!java.util.List.of(fits).contains(waiter.end)) {
                                    wrong.add(waiter.end);
                                }
                                close(r);
                            }
                        }
                        t.say("wrong", wrong);
                    });
        }
    }

    private static void close(Round r) throws Exception {
        for (Closeable each : r.owned()) {
            each.close();
        }
    }

    private static void interrupted(Suite s, String name, Setting setting) {
        for (boolean virtual : new boolean[] {false, true}) {
            s.add(
                    name + " and interrupt" + (virtual ? " (virtual)" : ""),
                    t -> {
                        TreeSet<String> wrong = new TreeSet<>();
                        Random random = new Random(name.hashCode());
                        for (int i = 0; i < ROUNDS; i++) {
                            try (Trace own = new Trace(virtual)) {
                                Round r = setting.make(own);
                                Waiter waiter = new Waiter(r.call());
                                Thread thread = start(virtual, waiter);
                                pause(random);
                                thread.interrupt();
                                if (!thread.join(LONG)) {
                                    wrong.add("hangs");
                                } else if (!waiter.end.equals("ClosedByInterruptException")
                                        || !waiter.interrupted
                                        || r.open().call()) {
                                    wrong.add(
                                            waiter.end
                                                    + " "
                                                    + waiter.interrupted
                                                    + " "
                                                    + r.open().call());
                                }
                                close(r);
                            }
                        }
                        t.say("wrong", wrong);
                    });
        }
    }

    private static void woken(Suite s) {
        for (boolean virtual : new boolean[] {false, true}) {
            s.add(
                    "select and wakeup" + (virtual ? " (virtual)" : ""),
                    t -> {
                        TreeSet<String> wrong = new TreeSet<>();
                        Random random = new Random(3);
                        try (Selector selector = Selector.open()) {
                            for (int i = 0; i < 3 * ROUNDS; i++) {
                                Waiter waiter = new Waiter(selector::select);
                                Thread thread = start(virtual, waiter);
                                pause(random);
                                if (i % 3 == 0) {
                                    thread.interrupt();
                                } else {
                                    selector.wakeup();
                                }
                                if (!thread.join(LONG)) {
                                    wrong.add("hangs");
                                    selector.wakeup();
                                } else if (!waiter.end.equals("0")) {
                                    wrong.add(waiter.end);
                                }
                            }
                        }
                        t.say("wrong", wrong);
                    });
        }
    }

    /// Data that comes while the reader goes to wait, and a selector that is told.
    private static void data(Suite s) {
        for (boolean virtual : new boolean[] {false, true}) {
            String kind = virtual ? " (virtual)" : "";
            s.add(
                    "read and data" + kind,
                    t -> {
                        TreeSet<String> wrong = new TreeSet<>();
                        Random random = new Random(4);
                        Pair p = Net.pair(t);
                        for (int i = 0; i < 4 * ROUNDS && wrong.isEmpty(); i++) {
                            Waiter waiter =
                                    new Waiter(() -> p.server().read(ByteBuffer.allocate(1)));
                            Thread thread = start(virtual, waiter);
                            pause(random);
                            p.client().write(Net.bytes("x"));
                            if (!thread.join(LONG)) {
                                wrong.add("hangs");
                            } else if (!waiter.end.equals("1")) {
                                wrong.add(waiter.end);
                            }
                        }
                        t.say("wrong", wrong);
                    });
            s.add(
                    "select and data" + kind,
                    t -> {
                        TreeSet<String> wrong = new TreeSet<>();
                        Random random = new Random(5);
                        Pair p = Net.pair(t);
                        p.server().configureBlocking(false);
                        Selector selector = t.open(Selector.open());
                        p.server().register(selector, java.nio.channels.SelectionKey.OP_READ);
                        for (int i = 0; i < 4 * ROUNDS && wrong.isEmpty(); i++) {
                            Waiter waiter = new Waiter(selector::select);
                            Thread thread = start(virtual, waiter);
                            pause(random);
                            p.client().write(Net.bytes("x"));
                            if (!thread.join(LONG)) {
                                wrong.add("hangs");
                                selector.wakeup();
                            } else if (!waiter.end.equals("1")) {
                                wrong.add(waiter.end);
                            }
                            p.server().read(ByteBuffer.allocate(1));
                            selector.selectedKeys().clear();
                        }
                        t.say("wrong", wrong);
                    });
        }
    }
}
