package dev.linnet.contract;

import static dev.linnet.contract.Net.bytes;
import static dev.linnet.contract.SelectorCases.nonBlocking;

import dev.linnet.contract.Net.Pair;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// What selectors find ready, when they are woken, and what they do then.
final class ReadyCases {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;
    private static final int CONNECT = SelectionKey.OP_CONNECT;
    private static final int ACCEPT = SelectionKey.OP_ACCEPT;

    private ReadyCases() {}

    static void addTo(Suite s) {
        ready(s);
        wakeups(s);
        actions(s);
        times(s);
    }

    private static void ready(Suite s) {
        s.add(
                "accept",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    l.configureBlocking(false);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = l.register(sel, ACCEPT);
                    t.say("now", sel.selectNow());
                    t.open(SocketChannel.open(l.getLocalAddress()));
                    t.open(SocketChannel.open(l.getLocalAddress()));
                    t.say("select", sel.select(4000));
                    t.say("acceptable", k.isAcceptable() + " " + k.isReadable());
                    t.open(l.accept());
                    sel.selectedKeys().clear();
                    t.say("one more", sel.selectNow());
                    t.open(l.accept());
                    sel.selectedKeys().clear();
                    t.say("no more", sel.selectNow());
                });
        s.add(
                "unconnected",
                t -> {
                    Selector sel = t.open(Selector.open());
                    SocketChannel c = t.open(SocketChannel.open());
                    c.configureBlocking(false);
                    SelectionKey k = c.register(sel, READ | WRITE | CONNECT);
                    t.say("now", sel.selectNow());
                    t.value("ready", k::readyOps);
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    l.configureBlocking(false);
                    SelectionKey m = l.register(sel, ACCEPT);
                    sel.selectedKeys().clear();
                    t.say("listener", sel.selectNow());
                    t.value("ready", m::readyOps);
                });
        s.add(
                "end of stream",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ);
                    p.client().shutdownOutput();
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    t.say("read", p.server().read(ByteBuffer.allocate(1)));
                    sel.selectedKeys().clear();
                    t.say("still", sel.selectNow());
                    k.interestOps(WRITE);
                    t.say("write", sel.selectNow());
                    t.say("ready", k.readyOps());
                    p.client().close();
                    t.moment();
                    sel.selectedKeys().clear();
                    k.interestOps(READ | WRITE);
                    t.say("closed", sel.selectNow());
                    t.say("ready", k.readyOps());
                });
        s.add(
                "reset",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ);
                    Net.reset(p.client());
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    k.interestOps(READ | WRITE);
                    sel.selectedKeys().clear();
                    t.say("both", sel.selectNow());
                    t.say("ready", k.readyOps());
                    k.interestOps(0);
                    sel.selectedKeys().clear();
                    t.say("none", sel.selectNow());
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(1)));
                });
        s.add(
                "own half close",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ | WRITE);
                    p.server().shutdownOutput();
                    t.say("output", sel.selectNow());
                    t.say("ready", k.readyOps());
                    sel.selectedKeys().clear();
                    p.server().shutdownInput();
                    t.say("input", sel.selectNow());
                    t.say("ready", k.readyOps());
                });
        s.add(
                "write, full and not",
                t -> {
                    Pair p = Net.full(t);
                    p.client().configureBlocking(false);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.client().register(sel, WRITE);
                    t.say("full", sel.selectNow());
                    p.server().configureBlocking(false);
                    ByteBuffer b = ByteBuffer.allocate(1 << 20);
                    t.until(
                            "writable",
                            () -> {
                                b.clear();
                                p.server().read(b);
                                return sel.selectNow() > 0;
                            });
                    t.say("ready", k.readyOps());
                });
        s.add(
                "datagrams",
                t -> {
                    DatagramChannel d = Net.datagram(t);
                    d.configureBlocking(false);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = d.register(sel, READ | WRITE);
                    t.say("now", sel.selectNow());
                    t.say("ready", k.readyOps());
                    Net.datagram(t).send(bytes("x"), d.getLocalAddress());
                    sel.selectedKeys().clear();
                    k.interestOps(READ);
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    d.receive(ByteBuffer.allocate(3));
                    sel.selectedKeys().clear();
                    t.say("now", sel.selectNow());
                });
        s.add(
                "pipes",
                t -> {
                    Pipe p = Pipe.open();
                    Selector sel = t.open(Selector.open());
                    t.open(p.sink()).configureBlocking(false);
                    t.open(p.source()).configureBlocking(false);
                    SelectionKey w = p.sink().register(sel, WRITE);
                    SelectionKey r = p.source().register(sel, READ);
                    t.say("now", sel.selectNow());
                    t.say("ready", w.readyOps() + " " + r.readyOps());
                    p.sink().write(bytes("x"));
                    t.say("select", sel.select(4000));
                    t.say("ready", w.readyOps() + " " + r.readyOps());
                    p.source().read(ByteBuffer.allocate(4));
                    while (p.sink().write(ByteBuffer.allocate(4096)) > 0) {}
                    sel.selectedKeys().clear();
                    t.say("full", sel.selectNow());
                    t.say("ready", w.readyOps() + " " + r.readyOps());
                    p.sink().close();
                    sel.selectedKeys().clear();
                    t.say("closed", sel.selectNow());
                    t.value("ready", r::readyOps);
                });
        s.add(
                "other end of a pipe closed",
                t -> {
                    Pipe p = Pipe.open();
                    Selector sel = t.open(Selector.open());
                    t.open(p.sink()).configureBlocking(false);
                    t.open(p.source()).configureBlocking(false);
                    SelectionKey w = p.sink().register(sel, WRITE);
                    p.source().close();
                    t.say("select", sel.select(4000));
                    t.say("ready", w.readyOps());
                    t.value("write", () -> p.sink().write(bytes("x")));
                    Pipe q = Pipe.open();
                    t.open(q.sink());
                    t.open(q.source()).configureBlocking(false);
                    SelectionKey r = q.source().register(sel, READ);
                    sel.selectedKeys().clear();
                    w.cancel();
                    q.sink().close();
                    t.say("select", sel.select(4000));
                    t.say("ready", r.readyOps());
                    t.value("read", () -> q.source().read(ByteBuffer.allocate(4)));
                });
    }

    private static void wakeups(Suite s) {
        s.both(
                "wakeup in select",
                t -> {
                    Selector sel = t.open(Selector.open());
                    var select = t.blocked("select", () -> sel.select());
                    select.stillWaits();
                    t.say("wakeup", sel.wakeup() == sel);
                    select.end();
                });
        s.both(
                "wakeup before select",
                t -> {
                    Selector sel = t.open(Selector.open());
                    sel.wakeup();
                    sel.wakeup();
                    t.say("select", sel.select(4000));
                    var again = t.blocked("again", () -> sel.select());
                    again.stillWaits();
                    sel.wakeup();
                    again.end();
                    sel.wakeup();
                    t.say("now", sel.selectNow());
                    var cleared = t.blocked("cleared", () -> sel.select());
                    cleared.stillWaits();
                    sel.wakeup();
                    cleared.end();
                });
        s.both(
                "wakeup with something ready",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    p.server().register(sel, WRITE);
                    sel.wakeup();
                    t.say("select", sel.select(4000));
                    t.say("selected", sel.selectedKeys().size());
                });
        s.both(
                "data in select",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ);
                    var select = t.blocked("select", () -> sel.select());
                    p.client().write(bytes("x"));
                    select.end();
                    t.say("ready", k.readyOps());
                });
        s.both(
                "two in select",
                t -> {
                    Selector sel = t.open(Selector.open());
                    var one = t.blocked("one", () -> sel.select());
                    var two = t.blocked("two", () -> sel.select());
                    sel.wakeup();
                    one.end();
                    two.stillWaits();
                    sel.wakeup();
                    two.end();
                });
    }

    private static void actions(Suite s) {
        s.add(
                "select with an action",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ | WRITE);
                    List<String> seen = new ArrayList<>();
                    t.say("select", sel.select(x -> seen.add("ready " + x.readyOps())));
                    t.say("seen", seen);
                    t.say("selected", sel.selectedKeys().size());
                    t.say("again", sel.select(x -> seen.add("again " + x.readyOps())));
                    t.say("timed", sel.select(x -> seen.add("timed " + x.readyOps()), 100));
                    t.say("now", sel.selectNow(x -> seen.add("now " + x.readyOps())));
                    t.say("seen", seen);
                    k.interestOps(READ);
                    t.say("none", sel.selectNow(x -> seen.add("none")));
                    t.say("timed out", sel.select(x -> seen.add("none"), 20));
                    t.say("seen", seen.size());
                });
        s.add(
                "action that fails",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    p.server().register(sel, WRITE);
                    t.value(
                            "select",
                            () ->
                                    sel.select(
                                            k -> {
                                                throw new IllegalStateException("mine");
                                            }));
                    t.value("nested", () -> sel.select(k -> t.value("inner", sel::selectNow)));
                    t.value("closing", () -> sel.select(k -> t.call("close", sel::close)));
                    t.say("open", sel.isOpen());
                });
        s.add(
                "action that cancels",
                t -> {
                    Pair p = nonBlocking(t);
                    Pair q = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    p.server().register(sel, WRITE);
                    q.server().register(sel, WRITE);
                    t.value(
                            "select",
                            () -> sel.select(k -> sel.keys().forEach(SelectionKey::cancel)));
                    t.say("keys", sel.keys().size());
                    t.say("now", sel.selectNow());
                    t.say("keys", sel.keys().size());
                });
    }

    private static void times(Suite s) {
        s.both(
                "time-out",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    p.server().register(sel, READ);
                    long start = System.nanoTime();
                    t.say("select", sel.select(80));
                    t.say("waited", System.nanoTime() - start >= 79_000_000L);
                    var forever = t.blocked("for ever", () -> sel.select(0));
                    forever.stillWaits();
                    sel.wakeup();
                    forever.end();
                });
        s.add(
                "interrupt status is kept",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    p.server().register(sel, WRITE);
                    t.started(
                                    "select",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return sel.select();
                                    })
                            .end();
                    t.say("selected", sel.selectedKeys().size());
                });
    }
}
