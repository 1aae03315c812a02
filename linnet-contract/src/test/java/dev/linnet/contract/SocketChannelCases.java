package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.bytes;
import static dev.linnet.contract.Net.text;

import dev.linnet.contract.Net.Pair;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/// Socket channels: states, reading, writing, ends.
final class SocketChannelCases {
    private SocketChannelCases() {}

    static void addTo(Suite s) {
        fresh(s);
        connected(s);
        reading(s);
        writing(s);
        gather(s);
        half(s);
        resets(s);
    }

    private static void fresh(Suite s) {
        s.add(
                "fresh",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    t.say("open", c.isOpen());
                    t.say("blocking", c.isBlocking());
                    t.say("connected", c.isConnected());
                    t.say("pending", c.isConnectionPending());
                    t.say("registered", c.isRegistered());
                    t.say("validOps", c.validOps());
                    t.say("text", c);
                    t.value("local", c::getLocalAddress);
                    t.value("remote", c::getRemoteAddress);
                    t.value("read", () -> c.read(ByteBuffer.allocate(1)));
                    t.value("write", () -> c.write(bytes("a")));
                    t.value("read none", () -> c.read(ByteBuffer.allocate(0)));
                    t.value("finish", c::finishConnect);
                    t.call("shutdown input", c::shutdownInput);
                    t.call("shutdown output", c::shutdownOutput);
                    t.value("read 2", () -> c.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
                    t.value("write 2", () -> c.write(new ByteBuffer[] {bytes("a")}));
                });
        s.add(
                "closed",
                t -> {
                    SocketChannel c = SocketChannel.open();
                    c.close();
                    c.close();
                    t.say("open", c.isOpen());
                    t.say("text", c);
                    t.value("local", c::getLocalAddress);
                    t.value("remote", c::getRemoteAddress);
                    t.value("read", () -> c.read(ByteBuffer.allocate(1)));
                    t.value("write", () -> c.write(bytes("a")));
                    t.value("bind", () -> c.bind(any()));
                    t.value("connect", () -> c.connect(any()));
                    t.value("finish", c::finishConnect);
                    t.call("shutdown input", c::shutdownInput);
                    t.call("shutdown output", c::shutdownOutput);
                    t.call("block", () -> c.configureBlocking(false));
                    t.value("get", () -> c.getOption(StandardSocketOptions.TCP_NODELAY));
                    t.value("set", () -> c.setOption(StandardSocketOptions.TCP_NODELAY, true));
                    t.say("connected", c.isConnected());
                    t.say("pending", c.isConnectionPending());
                    t.say("blocking", c.isBlocking());
                    t.value("options", () -> c.supportedOptions().size() > 5);
                    t.value("socket", () -> c.socket().isClosed());
                });
        s.add(
                "provider",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    t.say("same", c.provider() == SelectorProvider.provider());
                    t.say("again", t.open(c.provider().openSocketChannel()).isOpen());
                });
        s.add(
                "open family",
                t -> {
                    t.value("inet", () -> t.open(SocketChannel.open(StandardProtocolFamily.INET)));
                    t.value(
                            "inet6",
                            () -> t.open(SocketChannel.open(StandardProtocolFamily.INET6)));
                    t.value("unix", () -> t.open(SocketChannel.open(StandardProtocolFamily.UNIX)));
                    t.value("other", () -> SocketChannel.open(() -> "OTHER"));
                    t.value("null", () -> SocketChannel.open((java.net.ProtocolFamily) null));
                });
        s.add(
                "bind",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    t.say("same", c.bind(any()) == c);
                    t.value("local", c::getLocalAddress);
                    t.value("again", () -> c.bind(any()));
                    t.say("text", c);
                    SocketChannel d = t.open(SocketChannel.open());
                    t.value("in use", () -> d.bind(c.getLocalAddress()));
                    t.value("null", () -> d.bind(null).getLocalAddress());
                    SocketChannel e = t.open(SocketChannel.open());
                    t.value("not local", () -> e.bind(new InetSocketAddress("192.0.2.1", 0)));
                    t.value(
                            "unresolved",
                            () -> e.bind(InetSocketAddress.createUnresolved("nowhere.invalid", 0)));
                    t.value("other type", () -> e.bind(new SocketAddress() {}));
                    t.value("wildcard", () -> e.bind(new InetSocketAddress(0)).getLocalAddress());
                });
        s.add(
                "bind inet",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.INET));
                    t.value("v6", () -> c.bind(new InetSocketAddress("::1", 0)));
                    t.value("wildcard", () -> c.bind(new InetSocketAddress(0)).getLocalAddress());
                    t.value("connect v6", () -> c.connect(new InetSocketAddress("::1", 9)));
                });
    }

    private static void connected(Suite s) {
        s.add(
                "connected",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("connect", () -> c.connect(l.getLocalAddress()));
                    SocketChannel a = t.open(l.accept());
                    t.say("listener", l.getLocalAddress());
                    t.say("local", c.getLocalAddress());
                    t.say("remote", c.getRemoteAddress());
                    t.say("their local", a.getLocalAddress());
                    t.say("their remote", a.getRemoteAddress());
                    t.say("text", c);
                    t.say("theirs", a);
                    t.say("connected", c.isConnected() + " " + a.isConnected());
                    t.say("blocking", a.isBlocking());
                    t.value("again", () -> c.connect(l.getLocalAddress()));
                    t.value("bind", () -> c.bind(any()));
                    t.value("finish", c::finishConnect);
                    c.close();
                    t.value("local", c::getLocalAddress);
                    t.say("text", c);
                    t.say("connected", c.isConnected());
                });
        s.add(
                "connect bound",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    c.bind(any());
                    t.say("local", c.getLocalAddress());
                    t.value("connect", () -> c.connect(l.getLocalAddress()));
                    t.say("local", c.getLocalAddress());
                });
        s.add(
                "connect bound to wildcard",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    c.bind(null);
                    t.say("local", c.getLocalAddress());
                    t.value("connect", () -> c.connect(l.getLocalAddress()));
                    t.say("local", c.getLocalAddress());
                });
        s.add(
                "connect to wildcard",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    int port = ((InetSocketAddress) l.getLocalAddress()).getPort();
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("connect", () -> c.connect(new InetSocketAddress("0.0.0.0", port)));
                    t.value("remote", c::getRemoteAddress);
                    t.value("local", c::getLocalAddress);
                });
        s.add(
                "open connected",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open(l.getLocalAddress()));
                    t.say("text", c);
                    InetSocketAddress no = Net.refusing(t);
                    t.value("refused", () -> SocketChannel.open(no));
                    t.value(
                            "unresolved",
                            () ->
                                    SocketChannel.open(
                                            InetSocketAddress.createUnresolved("x.invalid", 1)));
                    t.value("null", () -> SocketChannel.open((SocketAddress) null));
                    t.value("type", () -> SocketChannel.open(new SocketAddress() {}));
                });
    }

    private static void reading(Suite s) {
        s.both(
                "read",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("hello, world"));
                    t.until("all", () -> p.server().socket().getInputStream().available() == 12);
                    ByteBuffer b = ByteBuffer.allocate(5);
                    t.say("read", p.server().read(b));
                    t.say("text", text(b));
                    t.say("full", p.server().read(b));
                    ByteBuffer d = ByteBuffer.allocateDirect(100).position(10).limit(14);
                    t.say("direct", p.server().read(d));
                    t.say("buffer", d);
                    ByteBuffer slice = ByteBuffer.allocate(30).position(7).slice();
                    t.say("slice", p.server().read(slice));
                    t.say("text", text(slice));
                    p.client().close();
                    t.say("end", p.server().read(slice));
                    t.say("end", p.server().read(slice));
                    t.say("end, no room", p.server().read(ByteBuffer.allocate(0)));
                    t.say("open", p.server().isOpen() + " " + p.server().isConnected());
                });
        s.add(
                "read non-blocking",
                t -> {
                    Pair p = Net.pair(t);
                    p.server().configureBlocking(false);
                    ByteBuffer b = ByteBuffer.allocate(8);
                    t.say("nothing", p.server().read(b));
                    t.say("nothing", p.server().read(new ByteBuffer[] {b, b}));
                    p.client().write(bytes("abc"));
                    t.until("data", () -> p.server().read(b) > 0);
                    t.say("text", text(b));
                    t.say("no room", p.server().read(ByteBuffer.allocate(0)));
                    p.client().shutdownOutput();
                    t.until("end", () -> p.server().read(b) < 0);
                    t.say("end", p.server().read(b));
                });
        s.add(
                "read bad buffers",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("abc"));
                    t.value("read only", () -> p.server().read(bytes("xyz").asReadOnlyBuffer()));
                    t.value("read only, full", () -> p.server().read(bytes("").asReadOnlyBuffer()));
                    t.value("null", () -> p.server().read((ByteBuffer) null));
                    t.value("null array", () -> p.server().read((ByteBuffer[]) null));
                    t.value("null in array", () -> p.server().read(new ByteBuffer[] {null}));
                    ByteBuffer[] two = {ByteBuffer.allocate(1), bytes("q").asReadOnlyBuffer()};
                    t.value("one read only", () -> p.server().read(two));
                    t.value("none", () -> p.server().read(new ByteBuffer[0]));
                    t.value("offset", () -> p.server().read(two, 3, 1));
                    t.value("negative", () -> p.server().read(two, -1, 1));
                    t.value("length", () -> p.server().read(two, 1, 2));
                    t.value("zero length", () -> p.server().read(two, 2, 0));
                    t.value("write null", () -> p.server().write((ByteBuffer) null));
                    t.value("write nulls", () -> p.server().write(new ByteBuffer[] {null}));
                    t.value("write offset", () -> p.server().write(two, 1, 2));
                    t.value(
                            "write read only",
                            () -> p.server().write(bytes("r").asReadOnlyBuffer()));
                });
        s.add(
                "heap read-only write",
                t -> {
                    Pair p = Net.pair(t);
                    ByteBuffer b = bytes("0123456789").position(2).limit(6).asReadOnlyBuffer();
                    t.say("write", p.client().write(b));
                    t.say("buffer", b);
                    t.say("read", Net.read(p.server(), 4));
                });
        s.both(
                "read waits",
                t -> {
                    Pair p = Net.pair(t);
                    ByteBuffer b = ByteBuffer.allocate(100);
                    var read = t.blocked("read", () -> p.server().read(b));
                    read.stillWaits();
                    p.client().write(bytes("abc"));
                    read.end();
                    var more = t.blocked("read", () -> p.server().read(b));
                    p.client().close();
                    more.end();
                });
        s.both(
                "read and write at once",
                t -> {
                    Pair p = Net.pair(t);
                    ByteBuffer b = ByteBuffer.allocate(100);
                    var read = t.blocked("read", () -> p.server().read(b));
                    t.say("write", p.server().write(bytes("while reading")));
                    t.say("got", Net.read(p.client(), 13));
                    read.stillWaits();
                    p.client().write(bytes("x"));
                    read.end();
                });
        s.both(
                "two readers",
                t -> {
                    Pair p = Net.pair(t);
                    var one = t.blocked("one", () -> p.server().read(ByteBuffer.allocate(1)));
                    var two = t.blocked("two", () -> p.server().read(ByteBuffer.allocate(1)));
                    p.client().write(bytes("ab"));
                    one.end();
                    two.end();
                });
    }

    private static void writing(Suite s) {
        s.both(
                "write waits",
                t -> {
                    Pair p = Net.full(t);
                    ByteBuffer b = ByteBuffer.allocate(100_000);
                    var write = t.blocked("write", () -> Net.writeAll(p.client(), b));
                    write.stillWaits();
                    p.server().configureBlocking(false);
                    ByteBuffer sink = ByteBuffer.allocate(1 << 20);
                    while (write.thread().isAlive()) {
                        sink.clear();
                        if (p.server().read(sink) == 0) {
                            Thread.sleep(1);
                        }
                    }
                    write.end();
                    t.say("buffer", b);
                });
        s.add(
                "write non-blocking, full",
                t -> {
                    Pair p = Net.full(t);
                    p.client().configureBlocking(false);
                    ByteBuffer b = ByteBuffer.allocate(10);
                    t.say("write", p.client().write(b));
                    t.say("buffer", b);
                    t.say("gather", p.client().write(new ByteBuffer[] {b, b.duplicate()}));
                    t.say("none", p.client().write(ByteBuffer.allocate(0)));
                });
        s.both(
                "large",
                t -> {
                    Pair p = Net.pair(t);
                    int n = 5_000_000;
                    ByteBuffer out = ByteBuffer.allocate(n);
                    for (int i = 0; i < n; i++) {
                        out.put(i, (byte) (i * 31 >> 3));
                    }
                    var write = t.started("write", () -> Net.writeAll(p.client(), out));
                    ByteBuffer in = ByteBuffer.allocateDirect(n);
                    while (in.hasRemaining() && p.server().read(in) >= 0) {}
                    write.end();
                    t.say("same", out.flip().mismatch(in.flip()));
                });
    }

    private static void gather(Suite s) {
        s.add(
                "gather and scatter",
                t -> {
                    Pair p = Net.pair(t);
                    ByteBuffer[] out = {
                        bytes("ab"), bytes(""), bytes("cdef").position(1), bytes("ghi")
                    };
                    t.say("write", p.client().write(out));
                    t.say("buffers", out);
                    t.until("all", () -> p.server().socket().getInputStream().available() == 8);
                    ByteBuffer[] in = {
                        ByteBuffer.allocate(1),
                        ByteBuffer.allocate(0),
                        ByteBuffer.allocateDirect(3),
                        ByteBuffer.allocate(10)
                    };
                    t.say("read", p.server().read(in));
                    t.say("buffers", in);
                    t.say("last", text(in[3]));
                });
        s.add(
                "gather with offset",
                t -> {
                    Pair p = Net.pair(t);
                    ByteBuffer[] out = {bytes("ab"), bytes("cd"), bytes("ef"), bytes("gh")};
                    t.say("write", p.client().write(out, 1, 2));
                    t.say("buffers", out);
                    t.until("all", () -> p.server().socket().getInputStream().available() == 4);
                    ByteBuffer[] in = {
                        ByteBuffer.allocate(3), ByteBuffer.allocate(3), ByteBuffer.allocate(3)
                    };
                    t.say("read", p.server().read(in, 1, 1));
                    t.say("read", p.server().read(in, 0, 3));
                    t.say("buffers", in);
                    t.say("none", p.client().write(out, 0, 0));
                    t.say("end", p.client().write(out, 4, 0));
                    t.say("done", p.client().write(out, 1, 2));
                });
        s.add(
                "gather thousands",
                t -> {
                    Pair p = Net.pair(t);
                    ByteBuffer[] out = new ByteBuffer[3000];
                    for (int i = 0; i < out.length; i++) {
                        out[i] = bytes("x");
                    }
                    t.say("write", p.client().write(out));
                    t.say("rest", p.client().write(out, 1024, 3000 - 1024));
                    t.say("last", out[2999]);
                });
        s.add(
                "scatter empty",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("zz"));
                    ByteBuffer[] none = {ByteBuffer.allocate(0), ByteBuffer.allocate(0)};
                    t.say("read", p.server().read(none));
                    t.say("write", p.server().write(none));
                    p.client().close();
                    t.say("rest", Net.read(p.server(), 5));
                    t.say("at end", p.server().read(none));
                    t.say("at end", p.server().read(new ByteBuffer[] {ByteBuffer.allocate(4)}));
                });
    }

    private static void half(Suite s) {
        s.both(
                "shutdown output",
                t -> {
                    Pair p = Net.pair(t);
                    t.say("same", p.client().shutdownOutput() == p.client());
                    t.say("end", p.server().read(ByteBuffer.allocate(1)));
                    t.value("write", () -> p.client().write(bytes("x")));
                    t.value("write none", () -> p.client().write(bytes("")));
                    t.value("gather", () -> p.client().write(new ByteBuffer[] {bytes("x")}));
                    p.server().write(bytes("still"));
                    t.say("other way", Net.read(p.client(), 5));
                    t.call("again", () -> p.client().shutdownOutput());
                    t.say("text", p.client());
                    t.say("socket", p.client().socket().isOutputShutdown());
                    t.say("socket in", p.client().socket().isInputShutdown());
                });
        s.both(
                "shutdown input",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("before"));
                    t.until("all", () -> p.server().socket().getInputStream().available() == 6);
                    t.say("same", p.server().shutdownInput() == p.server());
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(10)));
                    t.value(
                            "scatter",
                            () -> p.server().read(new ByteBuffer[] {ByteBuffer.allocate(10)}));
                    t.value("peer writes", () -> p.client().write(bytes("after")));
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(10)));
                    t.call("again", () -> p.server().shutdownInput());
                    t.value("write", () -> p.server().write(bytes("out")));
                    t.say("got", Net.read(p.client(), 3));
                    t.say("text", p.server());
                });
        s.both(
                "shutdown input ends read",
                t -> {
                    Pair p = Net.pair(t);
                    var read = t.blocked("read", () -> p.server().read(ByteBuffer.allocate(10)));
                    p.server().shutdownInput();
                    read.end();
                });
        s.both(
                "shutdown output ends write",
                t -> {
                    Pair p = Net.full(t);
                    var write =
                            t.blocked(
                                    "write", () -> p.client().write(ByteBuffer.allocate(1 << 20)));
                    p.client().shutdownOutput();
                    write.end();
                    t.say("open", p.client().isOpen());
                });
        s.add(
                "shut both ways",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().shutdownInput().shutdownOutput();
                    t.say("text", p.client());
                    t.say("connected", p.client().isConnected());
                    t.say("peer", p.server().read(ByteBuffer.allocate(1)));
                    t.value("remote", () -> p.client().getRemoteAddress());
                });
    }

    private static void resets(Suite s) {
        s.both(
                "reset while reading",
                t -> {
                    Pair p = Net.pair(t);
                    var read = t.blocked("read", () -> p.server().read(ByteBuffer.allocate(10)));
                    Net.reset(p.client());
                    read.end();
                    t.value("again", () -> p.server().read(ByteBuffer.allocate(10)));
                    t.value("write", () -> p.server().write(bytes("x")));
                    t.say("open", p.server().isOpen() + " " + p.server().isConnected());
                });
        s.both(
                "reset before reading",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("lost"));
                    Net.reset(p.client());
                    t.moment();
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(10)));
                    t.value("again", () -> p.server().read(ByteBuffer.allocate(10)));
                    t.value(
                            "scatter",
                            () -> p.server().read(new ByteBuffer[] {ByteBuffer.allocate(10)}));
                });
        s.add(
                "reset before writing",
                t -> {
                    Pair p = Net.pair(t);
                    Net.reset(p.client());
                    t.moment();
                    t.value("write", () -> p.server().write(bytes("x")));
                    t.value("again", () -> p.server().write(bytes("x")));
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(10)));
                });
        s.add(
                "write to closed peer",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().close();
                    t.moment();
                    t.value("first", () -> p.server().write(bytes("x")));
                    t.moment();
                    t.value("second", () -> p.server().write(bytes("x")));
                    t.value(
                            "third",
                            () -> p.server().write(new ByteBuffer[] {bytes("x"), bytes("y")}));
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(10)));
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(10)));
                });
        s.add(
                "close with unread data",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("unread"));
                    t.until("all", () -> p.server().socket().getInputStream().available() == 6);
                    p.server().close();
                    t.moment();
                    t.value("read", () -> p.client().read(ByteBuffer.allocate(10)));
                    t.value("write", () -> p.client().write(bytes("x")));
                });
        s.both(
                "reset while writing",
                t -> {
                    Pair p = Net.full(t);
                    var write =
                            t.blocked(
                                    "write",
                                    () -> p.client().write(ByteBuffer.allocate(1 << 22)) > 0);
                    Net.reset(p.server());
                    write.end();
                });
        s.add(
                "reset, then shutdown",
                t -> {
                    Pair p = Net.pair(t);
                    Net.reset(p.client());
                    t.moment();
                    t.call("output", () -> p.server().shutdownOutput());
                    t.call("input", () -> p.server().shutdownInput());
                    t.value("remote", () -> p.server().getRemoteAddress());
                    t.value("local", () -> p.server().getLocalAddress());
                    t.value("keys", () -> SelectionKey.OP_READ);
                });
    }
}
