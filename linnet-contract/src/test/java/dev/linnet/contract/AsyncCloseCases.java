package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.bytes;

import dev.linnet.contract.Net.Pair;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;

/// What a close and an interrupt do to a thread in a call, and to one that is about to make it.
final class AsyncCloseCases {
    private AsyncCloseCases() {}

    /// A blocking call.
    ///
    /// @param closes what is closed under it
    /// @param watched whose state is told after it
    private record Blocking(Channel closes, Channel watched, Callable<?> call) {}

    @FunctionalInterface
    private interface Setting {
        Blocking make(Trace t) throws Exception;
    }

    static void addTo(Suite s) {
        each(s, "read", AsyncCloseCases::read);
        each(s, "scatter", AsyncCloseCases::scatter);
        each(s, "write", AsyncCloseCases::write);
        each(s, "gather", AsyncCloseCases::gather);
        each(s, "connect", AsyncCloseCases::connect);
        each(s, "finishConnect", AsyncCloseCases::finishConnect);
        each(s, "accept", AsyncCloseCases::accept);
        each(s, "receive", AsyncCloseCases::receive);
        each(s, "datagram read", AsyncCloseCases::datagramRead);
        each(s, "pipe read", AsyncCloseCases::pipeRead);
        each(s, "pipe write", AsyncCloseCases::pipeWrite);
        each(s, "adaptor read", AsyncCloseCases::adaptorRead);
        each(s, "adaptor accept", AsyncCloseCases::adaptorAccept);
        each(s, "adaptor read with time-out", AsyncCloseCases::adaptorTimedRead);
        quick(s);
        selectors(s);
    }

    private static void each(Suite s, String name, Setting setting) {
        s.both(
                name + " closed",
                t -> {
                    Blocking b = setting.make(t);
                    var call = t.blocked(name, b.call());
                    call.stillWaits();
                    b.closes().close();
                    call.end();
                    t.say("open", b.watched().isOpen());
                });
        s.both(
                name + " interrupted",
                t -> {
                    Blocking b = setting.make(t);
                    var call = t.blocked(name, b.call());
                    call.thread().interrupt();
                    call.end();
                    t.say("open", b.watched().isOpen());
                });
        s.both(
                name + " interrupted before",
                t -> {
                    Blocking b = setting.make(t);
                    var call =
                            t.started(
                                    name,
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return b.call().call();
                                    });
                    call.end();
                    t.say("open", b.watched().isOpen());
                });
    }

    private static Blocking read(Trace t) throws Exception {
        Pair p = Net.pair(t);
        return new Blocking(p.server(), p.server(), () -> p.server().read(ByteBuffer.allocate(9)));
    }

    private static Blocking scatter(Trace t) throws Exception {
        Pair p = Net.pair(t);
        ByteBuffer[] b = {ByteBuffer.allocate(9), ByteBuffer.allocateDirect(9)};
        return new Blocking(p.server(), p.server(), () -> p.server().read(b));
    }

    private static Blocking write(Trace t) throws Exception {
        Pair p = Net.full(t);
        return new Blocking(
                p.client(), p.client(), () -> p.client().write(ByteBuffer.allocate(1 << 20)));
    }

    private static Blocking gather(Trace t) throws Exception {
        Pair p = Net.full(t);
        ByteBuffer[] b = {ByteBuffer.allocate(9), ByteBuffer.allocate(1 << 20)};
        return new Blocking(p.client(), p.client(), () -> p.client().write(b));
    }

    private static Blocking connect(Trace t) throws Exception {
        SocketAddress silent = Net.silent(t);
        SocketChannel c = t.open(SocketChannel.open());
        return new Blocking(c, c, () -> c.connect(silent));
    }

    private static Blocking finishConnect(Trace t) throws Exception {
        SocketAddress silent = Net.silent(t);
        SocketChannel c = t.open(SocketChannel.open());
        c.configureBlocking(false);
        c.connect(silent);
        c.configureBlocking(true);
        return new Blocking(c, c, c::finishConnect);
    }

    private static Blocking accept(Trace t) throws Exception {
        ServerSocketChannel l = Net.listen(t);
        return new Blocking(l, l, l::accept);
    }

    private static Blocking receive(Trace t) throws Exception {
        DatagramChannel d = Net.datagram(t);
        return new Blocking(d, d, () -> d.receive(ByteBuffer.allocate(9)));
    }

    private static Blocking datagramRead(Trace t) throws Exception {
        DatagramChannel d = Net.datagram(t);
        d.connect(Net.datagram(t).getLocalAddress());
        return new Blocking(d, d, () -> d.read(ByteBuffer.allocate(9)));
    }

    private static Blocking pipeRead(Trace t) throws Exception {
        Pipe p = Pipe.open();
        t.open(p.sink());
        t.open(p.source());
        return new Blocking(p.source(), p.source(), () -> p.source().read(ByteBuffer.allocate(9)));
    }

    private static Blocking pipeWrite(Trace t) throws Exception {
        Pipe p = Pipe.open();
        t.open(p.sink());
        t.open(p.source());
        return new Blocking(p.sink(), p.sink(), () -> p.sink().write(ByteBuffer.allocate(1 << 20)));
    }

    private static Blocking adaptorRead(Trace t) throws Exception {
        Pair p = Net.pair(t);
        return new Blocking(
                p.server(), p.server(), () -> p.server().socket().getInputStream().read());
    }

    private static Blocking adaptorTimedRead(Trace t) throws Exception {
        Pair p = Net.pair(t);
        p.server().socket().setSoTimeout(60_000);
        return new Blocking(
                p.server(), p.server(), () -> p.server().socket().getInputStream().read());
    }

    private static Blocking adaptorAccept(Trace t) throws Exception {
        ServerSocketChannel l = Net.listen(t);
        return new Blocking(l, l, () -> l.socket().accept());
    }

    /// Calls that need not wait: an interrupt that is there already ends them all the same.
    private static void quick(Suite s) {
        s.both(
                "interrupted before, data there",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("abc"));
                    t.moment();
                    t.started(
                                    "read",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return p.server().read(ByteBuffer.allocate(9));
                                    })
                            .end();
                    t.say("open", p.server().isOpen());
                });
        s.both(
                "interrupted before, non-blocking",
                t -> {
                    Pair p = Net.pair(t);
                    p.server().configureBlocking(false);
                    t.started(
                                    "read",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return p.server().read(ByteBuffer.allocate(9));
                                    })
                            .end();
                    t.say("open", p.server().isOpen());
                    t.started(
                                    "write",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return p.client().write(bytes("x"));
                                    })
                            .end();
                    t.say("open", p.client().isOpen());
                });
        s.both(
                "interrupted before, open and bind",
                t ->
                        t.started(
                                        "open",
                                        () -> {
                                            Thread.currentThread().interrupt();
                                            SocketChannel c = t.open(SocketChannel.open());
                                            c.bind(any());
                                            DatagramChannel d = t.open(DatagramChannel.open());
                                            d.bind(any());
                                            ServerSocketChannel l =
                                                    t.open(ServerSocketChannel.open());
                                            l.bind(any());
                                            return c.isOpen() + " " + d.isOpen() + " " + l.isOpen();
                                        })
                                .end());
        s.both(
                "interrupted before, send",
                t -> {
                    DatagramChannel d = Net.datagram(t);
                    t.started(
                                    "send",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return d.send(bytes("x"), d.getLocalAddress());
                                    })
                            .end();
                    t.say("open", d.isOpen());
                });
        s.both(
                "close with reader and writer",
                t -> {
                    Pair p = Net.full(t);
                    var read = t.blocked("read", () -> p.client().read(ByteBuffer.allocate(9)));
                    var write =
                            t.blocked(
                                    "write", () -> p.client().write(ByteBuffer.allocate(1 << 20)));
                    p.client().close();
                    read.end();
                    write.end();
                });
        s.both(
                "close, peer sees the end",
                t -> {
                    Pair p = Net.pair(t);
                    var read = t.blocked("read", () -> p.client().read(ByteBuffer.allocate(9)));
                    var peer = t.blocked("peer", () -> p.server().read(ByteBuffer.allocate(9)));
                    p.client().close();
                    read.end();
                    peer.end();
                });
        s.both(
                "close with two readers",
                t -> {
                    Pair p = Net.pair(t);
                    var one = t.blocked("one", () -> p.client().read(ByteBuffer.allocate(9)));
                    var two = t.blocked("two", () -> p.client().read(ByteBuffer.allocate(9)));
                    p.client().close();
                    one.end();
                    two.end();
                });
        s.both(
                "two acceptors closed",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    var one = t.blocked("one", l::accept);
                    var two = t.blocked("two", l::accept);
                    l.close();
                    one.end();
                    two.end();
                });
        s.both(
                "configureBlocking while reading",
                t -> {
                    Pair p = Net.pair(t);
                    var read = t.blocked("read", () -> p.client().read(ByteBuffer.allocate(9)));
                    var block =
                            t.blocked(
                                    "block",
                                    () -> p.client().configureBlocking(false).isBlocking());
                    block.stillWaits();
                    p.server().write(bytes("x"));
                    read.end();
                    block.end();
                });
    }

    private static void selectors(Suite s) {
        s.both(
                "select closed",
                t -> {
                    Selector sel = t.open(Selector.open());
                    var select = t.blocked("select", () -> sel.select());
                    sel.close();
                    select.end();
                    t.value("again", () -> sel.selectNow());
                });
        s.both(
                "select interrupted",
                t -> {
                    Selector sel = t.open(Selector.open());
                    var select = t.blocked("select", () -> sel.select());
                    select.thread().interrupt();
                    select.end();
                    t.say("open", sel.isOpen());
                });
        s.both(
                "select interrupted before",
                t -> {
                    Selector sel = t.open(Selector.open());
                    t.started(
                                    "select",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return sel.select() + " " + sel.select(1000);
                                    })
                            .end();
                    t.say("open", sel.isOpen());
                });
        s.both(
                "channel closed in select",
                t -> {
                    Pair p = Net.pair(t);
                    Selector sel = t.open(Selector.open());
                    p.server().configureBlocking(false);
                    var k = p.server().register(sel, 1);
                    var select = t.blocked("select", () -> sel.select());
                    p.server().close();
                    t.say("valid", k.isValid());
                    var peer = t.started("peer", () -> p.client().read(ByteBuffer.allocate(1)));
                    peer.end();
                    select.stillWaits();
                    sel.wakeup();
                    select.end();
                    t.say("keys", sel.keys().size());
                });
    }
}
