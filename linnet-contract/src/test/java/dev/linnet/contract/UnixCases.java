package dev.linnet.contract;

import static dev.linnet.contract.Net.bytes;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import jdk.net.ExtendedSocketOptions;

/// Channels of the UNIX domain.
final class UnixCases {
    private UnixCases() {}

    /// A directory that goes when the case ends, called DIR in what is told.
    static Path directory(Trace t) throws IOException {
        Path dir = Files.createTempDirectory("c");
        t.name(dir.toString(), "DIR");
        t.open(
                () -> {
                    try (var files = Files.list(dir)) {
                        for (Path f : files.toList()) {
                            Files.delete(f);
                        }
                    }
                    Files.delete(dir);
                });
        return dir;
    }

    private static ServerSocketChannel listen(Trace t, Path at) throws IOException {
        return t.open(ServerSocketChannel.open(StandardProtocolFamily.UNIX))
                .bind(UnixDomainSocketAddress.of(at));
    }

    private record Pair(SocketChannel client, SocketChannel server) {}

    private static Pair pair(Trace t) throws IOException {
        ServerSocketChannel l = listen(t, directory(t).resolve("s"));
        SocketChannel c = t.open(SocketChannel.open(l.getLocalAddress()));
        return new Pair(c, t.open(l.accept()));
    }

    static void addTo(Suite s) {
        addresses(s);
        binding(s);
        connecting(s);
        transfer(s);
        options(s);
        waiting(s);
    }

    private static void addresses(Suite s) {
        s.add(
                "addresses",
                t -> {
                    Path dir = directory(t);
                    ServerSocketChannel l = listen(t, dir.resolve("s"));
                    t.say("listener", l.getLocalAddress());
                    t.say("text", l);
                    SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    t.value("local", c::getLocalAddress);
                    t.say("text", c);
                    t.say("connect", c.connect(l.getLocalAddress()));
                    t.say("local", c.getLocalAddress());
                    t.say(
                            "unnamed",
                            ((UnixDomainSocketAddress) c.getLocalAddress())
                                    .getPath()
                                    .toString()
                                    .isEmpty());
                    t.say("remote", c.getRemoteAddress());
                    t.say("text", c);
                    SocketChannel a = t.open(l.accept());
                    t.say("their local", a.getLocalAddress());
                    t.say("their remote", a.getRemoteAddress());
                    t.say("their text", a);
                    t.value("socket", c::socket);
                    t.value("server socket", l::socket);
                    c.close();
                    t.say("text", c);
                    t.value("local", c::getLocalAddress);
                    l.close();
                    t.say("text", l);
                });
    }

    private static void binding(Suite s) {
        s.add(
                "bind",
                t -> {
                    Path dir = directory(t);
                    Path at = dir.resolve("s");
                    ServerSocketChannel l = listen(t, at);
                    t.say("exists", Files.exists(at));
                    t.value("again", () -> l.bind(UnixDomainSocketAddress.of(dir.resolve("t"))));
                    t.value("in use", () -> listen(t, at));
                    l.close();
                    t.say("still exists", Files.exists(at));
                    t.value("in use", () -> listen(t, at));
                    t.value("delete", () -> Files.deleteIfExists(at));
                    t.value("free", () -> listen(t, at).isOpen());
                    Path file = Files.createFile(dir.resolve("file"));
                    t.value("a file", () -> listen(t, file));
                    t.value("no directory", () -> listen(t, dir.resolve("none/s")));
                    t.value("under a file", () -> listen(t, file.resolve("s")));
                    t.value("too long", () -> listen(t, Path.of("/tmp/" + "x".repeat(120))));
                    t.value("unnamed", () -> listen(t, Path.of("")));
                });
        s.add(
                "bind, by default",
                t -> {
                    ServerSocketChannel l =
                            t.open(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
                    t.value("local", l::getLocalAddress);
                    t.value("accept", l::accept);
                    l.bind(null);
                    Path at = ((UnixDomainSocketAddress) l.getLocalAddress()).getPath();
                    t.say("absolute", at.isAbsolute());
                    t.say("name", at.getFileName().toString().replaceAll("[0-9-]+", "N"));
                    t.say(
                            "in",
                            at.getParent().toString().equals(System.getProperty("java.io.tmpdir")));
                    t.say("connect", t.open(SocketChannel.open(l.getLocalAddress())).isConnected());
                    l.close();
                    t.value("delete", () -> Files.deleteIfExists(at));
                });
        s.add(
                "bind, client",
                t -> {
                    Path dir = directory(t);
                    ServerSocketChannel l = listen(t, dir.resolve("s"));
                    SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    t.value(
                            "bind",
                            () -> c.bind(UnixDomainSocketAddress.of(dir.resolve("c"))) == c);
                    t.say("local", c.getLocalAddress());
                    t.value("again", () -> c.bind(UnixDomainSocketAddress.of(dir.resolve("d"))));
                    t.say("connect", c.connect(l.getLocalAddress()));
                    SocketChannel a = t.open(l.accept());
                    t.say("their remote", a.getRemoteAddress());
                    SocketChannel d = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    t.value("null", () -> d.bind(null).getLocalAddress());
                    SocketChannel e = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    t.value("inet", () -> e.bind(Net.any()));
                    t.value(
                            "unnamed",
                            () -> e.bind(UnixDomainSocketAddress.of("")).getLocalAddress());
                });
        s.add(
                "bind, relative path",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    Path name = Path.of("contract-" + ProcessHandle.current().pid() + ".s");
                    t.name(name.toString(), "NAME");
                    t.value(
                            "bind",
                            () -> c.bind(UnixDomainSocketAddress.of(name)).getLocalAddress());
                    t.value("delete", () -> Files.deleteIfExists(name));
                });
    }

    private static void connecting(Suite s) {
        s.add(
                "connect",
                t -> {
                    Path dir = directory(t);
                    t.value(
                            "nothing",
                            () ->
                                    SocketChannel.open(
                                            UnixDomainSocketAddress.of(dir.resolve("none"))));
                    Path file = Files.createFile(dir.resolve("file"));
                    t.value("a file", () -> SocketChannel.open(UnixDomainSocketAddress.of(file)));
                    t.value(
                            "a directory",
                            () -> SocketChannel.open(UnixDomainSocketAddress.of(dir)));
                    ServerSocketChannel l = listen(t, dir.resolve("s"));
                    l.close();
                    t.value(
                            "nobody",
                            () -> SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve("s"))));
                    SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    t.value("inet", () -> c.connect(new InetSocketAddress("127.0.0.1", 9)));
                    t.value("unnamed", () -> c.connect(UnixDomainSocketAddress.of("")));
                    t.say("open", c.isOpen());
                    t.value("finish", c::finishConnect);
                    t.value("read", () -> c.read(ByteBuffer.allocate(1)));
                });
        s.add(
                "connect, non-blocking",
                t -> {
                    ServerSocketChannel l = listen(t, directory(t).resolve("s"));
                    SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    c.configureBlocking(false);
                    t.say("connect", c.connect(l.getLocalAddress()));
                    t.say("connected", c.isConnected() + " " + c.isConnectionPending());
                    t.value("again", () -> c.connect(l.getLocalAddress()));
                    t.say("finish", c.finishConnect());
                });
        s.add(
                "connect, queue full",
                t -> {
                    Path at = directory(t).resolve("s");
                    ServerSocketChannel l =
                            t.open(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
                    l.bind(UnixDomainSocketAddress.of(at), 1);
                    for (int i = 0; i < 4; i++) {
                        SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                        c.configureBlocking(false);
                        t.value("connect", () -> c.connect(l.getLocalAddress()));
                    }
                });
    }

    private static void transfer(Suite s) {
        s.both(
                "write and read",
                t -> {
                    Pair p = pair(t);
                    t.say("write", p.client().write(bytes("hello")));
                    t.say(
                            "gather",
                            p.client().write(new ByteBuffer[] {bytes(" "), bytes("world")}));
                    t.say("read", Net.read(p.server(), 11));
                    p.client().shutdownOutput();
                    t.say("end", p.server().read(ByteBuffer.allocate(1)));
                    t.value("write", () -> p.client().write(bytes("x")));
                    p.server().write(bytes("back"));
                    t.say("read", Net.read(p.client(), 4));
                    p.server().close();
                    t.say("end", p.client().read(ByteBuffer.allocate(1)));
                });
        s.both(
                "peer closed",
                t -> {
                    Pair p = pair(t);
                    p.client().close();
                    t.value("write", () -> p.server().write(bytes("x")));
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(1)));
                });
        s.add(
                "peer closed with unread data",
                t -> {
                    Pair p = pair(t);
                    p.client().write(bytes("unread"));
                    p.server().close();
                    t.value("read", () -> p.client().read(ByteBuffer.allocate(1)));
                    t.value("read", () -> p.client().read(ByteBuffer.allocate(1)));
                    t.value("write", () -> p.client().write(bytes("x")));
                });
        s.add(
                "shutdown input",
                t -> {
                    Pair p = pair(t);
                    p.client().write(bytes("before"));
                    p.server().shutdownInput();
                    t.value("read", () -> p.server().read(ByteBuffer.allocate(10)));
                    t.value("write", () -> p.client().write(bytes("after")));
                });
        s.add(
                "selector",
                t -> {
                    ServerSocketChannel l = listen(t, directory(t).resolve("s"));
                    l.configureBlocking(false);
                    Selector sel = t.open(Selector.open());
                    SelectionKey k = l.register(sel, SelectionKey.OP_ACCEPT);
                    t.say("none", sel.selectNow());
                    SocketChannel c = t.open(SocketChannel.open(l.getLocalAddress()));
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    SocketChannel a = t.open(l.accept());
                    a.configureBlocking(false);
                    SelectionKey r = a.register(sel, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    sel.selectedKeys().clear();
                    t.say("write", sel.selectNow());
                    c.write(bytes("x"));
                    t.say("read", sel.select(4000));
                    t.say("ready", r.readyOps());
                    c.close();
                    sel.selectedKeys().clear();
                    t.say("closed", sel.selectNow());
                    t.say("ready", r.readyOps());
                });
    }

    private static void options(Suite s) {
        s.add(
                "options",
                t -> {
                    Pair p = pair(t);
                    t.say(
                            "supported",
                            new TreeSet<>(
                                    p.client().supportedOptions().stream()
                                            .map(Object::toString)
                                            .toList()));
                    t.value("sndbuf", () -> p.client().getOption(StandardSocketOptions.SO_SNDBUF));
                    t.value("rcvbuf", () -> p.client().getOption(StandardSocketOptions.SO_RCVBUF));
                    t.value(
                            "set sndbuf",
                            () ->
                                    p.client()
                                            .setOption(StandardSocketOptions.SO_SNDBUF, 10000)
                                            .getOption(StandardSocketOptions.SO_SNDBUF));
                    t.value("linger", () -> p.client().getOption(StandardSocketOptions.SO_LINGER));
                    t.value(
                            "set linger",
                            () ->
                                    p.client()
                                            .setOption(StandardSocketOptions.SO_LINGER, 5)
                                            .getOption(StandardSocketOptions.SO_LINGER));
                    t.value(
                            "nodelay",
                            () -> p.client().getOption(StandardSocketOptions.TCP_NODELAY));
                    t.value(
                            "peer",
                            () -> {
                                var peer = p.client().getOption(ExtendedSocketOptions.SO_PEERCRED);
                                return peer.user()
                                        .getName()
                                        .equals(System.getProperty("user.name"));
                            });
                    t.value(
                            "set peer",
                            () -> p.client().setOption(ExtendedSocketOptions.SO_PEERCRED, null));
                    SocketChannel c = t.open(SocketChannel.open(StandardProtocolFamily.UNIX));
                    t.value(
                            "peer, unconnected",
                            () -> c.getOption(ExtendedSocketOptions.SO_PEERCRED));
                    ServerSocketChannel l =
                            t.open(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
                    t.say(
                            "listener",
                            new TreeSet<>(
                                    l.supportedOptions().stream().map(Object::toString).toList()));
                    t.value("reuse", () -> l.getOption(StandardSocketOptions.SO_REUSEADDR));
                    t.value("rcvbuf", () -> l.getOption(StandardSocketOptions.SO_RCVBUF));
                });
    }

    private static void waiting(Suite s) {
        s.both(
                "read closed",
                t -> {
                    Pair p = pair(t);
                    var read = t.blocked("read", () -> p.server().read(ByteBuffer.allocate(1)));
                    read.stillWaits();
                    p.server().close();
                    read.end();
                });
        s.both(
                "read interrupted",
                t -> {
                    Pair p = pair(t);
                    var read = t.blocked("read", () -> p.server().read(ByteBuffer.allocate(1)));
                    read.thread().interrupt();
                    read.end();
                    t.say("open", p.server().isOpen());
                });
        s.both(
                "accept closed",
                t -> {
                    ServerSocketChannel l = listen(t, directory(t).resolve("s"));
                    var accept = t.blocked("accept", l::accept);
                    l.close();
                    accept.end();
                });
        s.both(
                "accept waits",
                t -> {
                    ServerSocketChannel l = listen(t, directory(t).resolve("s"));
                    var accept = t.blocked("accept", () -> t.open(l.accept()).getRemoteAddress());
                    t.open(SocketChannel.open(l.getLocalAddress()));
                    accept.end();
                });
        s.both(
                "write closed",
                t -> {
                    Pair p = pair(t);
                    p.client().configureBlocking(false);
                    while (p.client().write(ByteBuffer.allocate(8192)) > 0) {}
                    p.client().configureBlocking(true);
                    var write = t.blocked("write", () -> p.client().write(bytes("x")));
                    p.client().close();
                    write.end();
                });
    }
}
