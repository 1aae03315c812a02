package dev.linnet.contract;

import static dev.linnet.contract.Net.bytes;

import dev.linnet.contract.Net.Pair;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// Selectors and their keys.
final class SelectorCases {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;
    private static final int CONNECT = SelectionKey.OP_CONNECT;
    private static final int ACCEPT = SelectionKey.OP_ACCEPT;

    private SelectorCases() {}

    static void addTo(Suite s) {
        selectors(s);
        registering(s);
        keySets(s);
        cancelling(s);
    }

    /// Two connected channels, the server's not blocking.
    static Pair nonBlocking(Trace t) throws Exception {
        Pair p = Net.pair(t);
        p.server().configureBlocking(false);
        return p;
    }

    private static void selectors(Suite s) {
        s.add(
                "fresh",
                t -> {
                    Selector sel = t.open(Selector.open());
                    t.say("open", sel.isOpen());
                    t.say("keys", sel.keys());
                    t.say("selected", sel.selectedKeys());
                    t.say("now", sel.selectNow());
                    t.say("provider", sel.provider() == SelectorProvider.provider());
                    t.value("negative", () -> sel.select(-1));
                    t.value("negative action", () -> sel.select(k -> {}, -1));
                    t.value("null action", () -> sel.selectNow(null));
                });
        s.add(
                "closed",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = Selector.open();
                    SelectionKey k = p.server().register(sel, READ);
                    Set<SelectionKey> keys = sel.keys();
                    sel.close();
                    sel.close();
                    t.say("open", sel.isOpen());
                    t.value("keys", sel::keys);
                    t.value("selected", sel::selectedKeys);
                    t.value("select", sel::select);
                    t.value("now", sel::selectNow);
                    t.value("timed", () -> sel.select(10));
                    t.value("action", () -> sel.selectNow(x -> {}));
                    t.say("wakeup", sel.wakeup() == sel);
                    t.say("valid", k.isValid());
                    t.value("interest", k::interestOps);
                    t.value("ready", k::readyOps);
                    t.say("registered", p.server().isRegistered());
                    t.say("keyFor", p.server().keyFor(sel));
                    t.say("old set", keys.size());
                    t.value("register", () -> p.server().register(sel, READ));
                    t.call("block", () -> p.server().configureBlocking(true));
                });
    }

    private static void registering(Suite s) {
        s.add(
                "register",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ, "a");
                    t.say("interest", k.interestOps());
                    t.say("ready", k.readyOps());
                    t.say("attachment", k.attachment());
                    t.say("attach", k.attach("b") + " " + k.attachment());
                    t.say("channel", k.channel() == p.server());
                    t.say("selector", k.selector() == sel);
                    t.say("valid", k.isValid());
                    t.say("registered", p.server().isRegistered());
                    t.say("keyFor", p.server().keyFor(sel) == k);
                    t.say("again", p.server().register(sel, WRITE) == k);
                    t.say("attachment", k.attachment());
                    t.say("interest", k.interestOps());
                    t.say("keys", sel.keys().size());
                    Selector other = t.open(Selector.open());
                    SelectionKey o = p.server().register(other, READ);
                    t.say("two", o != k && p.server().keyFor(other) == o);
                    t.say("no ops", p.server().register(other, 0).interestOps());
                });
        s.add(
                "register, bad",
                t -> {
                    Pair p = Net.pair(t);
                    Selector sel = t.open(Selector.open());
                    t.value("blocking", () -> p.server().register(sel, READ));
                    p.server().configureBlocking(false);
                    t.value("accept", () -> p.server().register(sel, ACCEPT));
                    t.value("bits", () -> p.server().register(sel, 64));
                    t.value("null", () -> p.server().register(null, READ));
                    SelectionKey k = p.server().register(sel, READ);
                    t.value("block", () -> p.server().configureBlocking(true));
                    t.value("interest", () -> k.interestOps(ACCEPT));
                    t.value("interest or", () -> k.interestOpsOr(ACCEPT));
                    t.value(
                            "interest or write",
                            () -> k.interestOpsOr(WRITE) + " " + k.interestOps());
                    t.value("interest and", () -> k.interestOpsAnd(~READ) + " " + k.interestOps());
                    t.value(
                            "interest and bits",
                            () -> k.interestOpsAnd(-1) + " " + k.interestOps());
                    ServerSocketChannel l = Net.listen(t);
                    l.configureBlocking(false);
                    t.value("listener read", () -> l.register(sel, READ));
                    t.value("listener", () -> l.register(sel, ACCEPT).interestOps());
                    DatagramChannel d = Net.datagram(t);
                    d.configureBlocking(false);
                    t.value("datagram connect", () -> d.register(sel, CONNECT));
                    t.value("datagram ops", d::validOps);
                    Pipe pipe = Pipe.open();
                    t.open(pipe.source()).configureBlocking(false);
                    t.open(pipe.sink()).configureBlocking(false);
                    t.value("source write", () -> pipe.source().register(sel, WRITE));
                    t.value("sink read", () -> pipe.sink().register(sel, READ));
                    SocketChannel closed = SocketChannel.open();
                    closed.configureBlocking(false);
                    closed.close();
                    t.value("closed", () -> closed.register(sel, READ));
                });
        s.add(
                "register, foreign selector",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector foreign = new ForeignSelector();
                    t.value("register", () -> p.server().register(foreign, READ));
                });
        s.add(
                "register, blocking lock",
                t -> {
                    Pair p = nonBlocking(t);
                    t.same("lock", p.server().blockingLock(), p.server().blockingLock());
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ);
                    t.value("block", () -> p.server().configureBlocking(true));
                    k.cancel();
                    t.value(
                            "block, cancelled",
                            () -> p.server().configureBlocking(true).isBlocking());
                    t.value("registered", () -> p.server().isRegistered());
                    sel.selectNow();
                    t.value("registered", () -> p.server().isRegistered());
                    t.value(
                            "block, selected",
                            () -> p.server().configureBlocking(true).isBlocking());
                });
        s.add(
                "stream of a registered channel",
                t -> {
                    Pair p = nonBlocking(t);
                    t.value("socket in", () -> p.server().socket().getInputStream().read());
                    t.call("socket out", () -> p.server().socket().getOutputStream().write(1));
                    t.value(
                            "channels",
                            () -> java.nio.channels.Channels.newInputStream(p.server()).read());
                    t.call(
                            "channels",
                            () -> java.nio.channels.Channels.newOutputStream(p.server()).write(1));
                    ServerSocketChannel l = Net.listen(t);
                    l.configureBlocking(false);
                    t.value("accept", () -> l.socket().accept());
                });
    }

    private static void keySets(Suite s) {
        s.add(
                "key sets",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, WRITE);
                    Set<SelectionKey> keys = sel.keys();
                    t.same("keys", keys, sel.keys());
                    t.same("selected", sel.selectedKeys(), sel.selectedKeys());
                    t.call("clear keys", keys::clear);
                    t.call("remove key", () -> keys.remove(k));
                    t.call("add key", () -> keys.add(k));
                    t.call("add selected", () -> sel.selectedKeys().add(k));
                    t.say("select", sel.select(4000));
                    t.say("selected", sel.selectedKeys().size());
                    t.say("contains", sel.selectedKeys().contains(k));
                    t.say("again", sel.select(50));
                    t.say("now", sel.selectNow());
                    t.say("ready", k.readyOps());
                    k.interestOps(0);
                    t.say("still", k.readyOps() + " " + sel.selectedKeys().size());
                    t.say("removed", sel.selectedKeys().remove(k) + " " + k.isWritable());
                    t.say("removed again", sel.selectedKeys().remove(k));
                    t.say("now", sel.selectNow());
                    k.interestOps(WRITE);
                    t.say("now", sel.selectNow());
                    t.call(
                            "iterate",
                            () -> {
                                var i = sel.selectedKeys().iterator();
                                i.next();
                                i.remove();
                            });
                    t.say("left", sel.selectedKeys().size());
                    t.say("now", sel.selectNow());
                    sel.selectedKeys().clear();
                    t.say("keys", keys.contains(k) + " " + keys.size());
                    t.call(
                            "iterate keys",
                            () -> {
                                var i = keys.iterator();
                                i.next();
                                i.remove();
                            });
                });
        s.add(
                "ready set grows",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ | WRITE);
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    p.client().write(bytes("x"));
                    t.until("readable", () -> sel.selectNow() > 0);
                    t.say("ready", k.readyOps());
                    p.server().read(ByteBuffer.allocate(10));
                    t.say("now", sel.selectNow());
                    t.say("ready kept", k.readyOps());
                    sel.selectedKeys().clear();
                    t.say("now", sel.selectNow());
                    t.say("ready", k.readyOps());
                });
        s.add(
                "ready set after interest is taken away",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ | WRITE);
                    p.client().write(bytes("x"));
                    t.moment();
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    sel.selectedKeys().clear();
                    k.interestOps(READ);
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                });
        s.add(
                "many",
                t -> {
                    Selector sel = t.open(Selector.open());
                    List<Pair> pairs = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        Pair p = nonBlocking(t);
                        p.server().register(sel, READ, i);
                        pairs.add(p);
                    }
                    t.say("now", sel.selectNow());
                    for (int i = 0; i < 40; i += 3) {
                        pairs.get(i).client().write(bytes("x"));
                    }
                    t.moment();
                    t.say("select", sel.select(4000));
                    List<Integer> got = new ArrayList<>();
                    sel.selectedKeys().forEach(k -> got.add((Integer) k.attachment()));
                    Collections.sort(got);
                    t.say("got", got);
                    for (Pair p : pairs) {
                        p.server().close();
                    }
                    t.say("selected", sel.selectedKeys().size());
                    t.say("now", sel.selectNow());
                    t.say("selected", sel.selectedKeys().size());
                    t.say("keys", sel.keys().size());
                });
    }

    private static void cancelling(Suite s) {
        s.add(
                "cancel",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, WRITE);
                    sel.select();
                    k.cancel();
                    k.cancel();
                    t.say("valid", k.isValid());
                    t.value("interest", k::interestOps);
                    t.value("set", () -> k.interestOps(READ));
                    t.value("ready", k::readyOps);
                    t.value("readable", k::isReadable);
                    t.say("attachment", k.attachment());
                    t.say("keys", sel.keys().size() + " " + sel.selectedKeys().size());
                    t.say("keyFor", p.server().keyFor(sel) == null);
                    t.say("registered", p.server().isRegistered());
                    t.value("register", () -> p.server().register(sel, READ));
                    t.say("now", sel.selectNow());
                    t.say("keys", sel.keys().size() + " " + sel.selectedKeys().size());
                    t.say("registered", p.server().isRegistered());
                    t.value("register", () -> p.server().register(sel, READ) != k);
                });
        s.add(
                "close channel",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, WRITE);
                    sel.select();
                    p.server().close();
                    t.say("valid", k.isValid());
                    t.say("keys", sel.keys().size() + " " + sel.selectedKeys().size());
                    t.say("registered", p.server().isRegistered());
                    var peer = t.blocked("peer", () -> p.client().read(ByteBuffer.allocate(1)));
                    t.say("now", sel.selectNow());
                    t.say("keys", sel.keys().size() + " " + sel.selectedKeys().size());
                    t.say("registered", p.server().isRegistered());
                    peer.end();
                });
        s.add(
                "two selectors, channel closed",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector one = t.open(Selector.open());
                    Selector two = t.open(Selector.open());
                    SelectionKey a = p.server().register(one, READ);
                    SelectionKey b = p.server().register(two, READ);
                    p.server().close();
                    t.say("valid", a.isValid() + " " + b.isValid());
                    one.selectNow();
                    t.say("keys", one.keys().size() + " " + two.keys().size());
                    two.selectNow();
                    t.say("keys", one.keys().size() + " " + two.keys().size());
                    t.value("peer", () -> p.client().read(ByteBuffer.allocate(1)));
                });
        s.both(
                "cancelled in select",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, READ);
                    var select = t.blocked("select", () -> sel.select(9000));
                    k.cancel();
                    p.client().write(bytes("x"));
                    select.end();
                    t.say("keys", sel.keys().size());
                });
        s.both(
                "registered in select",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    var select = t.blocked("select", () -> sel.select());
                    p.client().write(bytes("x"));
                    SelectionKey k = p.server().register(sel, READ);
                    sel.wakeup();
                    select.end();
                    t.until("selected", () -> sel.selectNow() > 0);
                    t.say("ready", k.readyOps());
                });
        s.both(
                "interest set in select",
                t -> {
                    Pair p = nonBlocking(t);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = p.server().register(sel, 0);
                    var select = t.blocked("select", () -> sel.select());
                    k.interestOps(WRITE);
                    select.stillWaits();
                    sel.wakeup();
                    select.end();
                    t.say("selected", sel.selectedKeys().size());
                    t.say("now", sel.selectNow());
                });
    }

    /// A selector of nobody's provider.
    private static final class ForeignSelector extends java.nio.channels.spi.AbstractSelector {
        ForeignSelector() {
            super(null);
        }

        @Override
        protected void implCloseSelector() {}

        @Override
        protected SelectionKey register(
                java.nio.channels.spi.AbstractSelectableChannel ch, int ops, Object att) {
            throw new java.nio.channels.IllegalSelectorException();
        }

        @Override
        public Set<SelectionKey> keys() {
            return Set.of();
        }

        @Override
        public Set<SelectionKey> selectedKeys() {
            return Set.of();
        }

        @Override
        public int selectNow() {
            return 0;
        }

        @Override
        public int select(long timeout) {
            return 0;
        }

        @Override
        public int select() {
            return 0;
        }

        @Override
        public Selector wakeup() {
            return this;
        }
    }
}
