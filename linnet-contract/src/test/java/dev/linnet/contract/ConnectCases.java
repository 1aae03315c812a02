package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.bytes;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The states of a connect, and its failures.
final class ConnectCases {
    private ConnectCases() {}

    static void addTo(Suite s) {
        nonBlocking(s);
        failures(s);
        addresses(s);
        listeners(s);
        acceptNonBlocking(s);
    }

    private static void nonBlocking(Suite s) {
        s.add(
                "non-blocking",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    c.configureBlocking(false);
                    boolean at = c.connect(l.getLocalAddress());
                    if (!at) {
                        t.until("connected", c::finishConnect);
                    }
                    t.say("connected", c.isConnected());
                    t.say("pending", c.isConnectionPending());
                    t.say("again", c.finishConnect());
                    t.value("connect", () -> c.connect(l.getLocalAddress()));
                    t.say("local", c.getLocalAddress());
                });
        s.add(
                "pending",
                t -> {
                    SocketAddress silent = Net.silent(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    c.configureBlocking(false);
                    t.say("connect", c.connect(silent));
                    t.say("pending", c.isConnectionPending());
                    t.say("connected", c.isConnected());
                    t.say("finish", c.finishConnect());
                    t.value("connect", () -> c.connect(silent));
                    t.value("bind", () -> c.bind(any()));
                    t.value("read", () -> c.read(ByteBuffer.allocate(1)));
                    t.value("write", () -> c.write(bytes("x")));
                    t.call("shutdown", () -> c.shutdownInput());
                    t.value("remote", c::getRemoteAddress);
                    t.value("local", () -> ((InetSocketAddress) c.getLocalAddress()).getAddress());
                    t.say("text", c.toString().replaceAll("local=\\S+ ", ""));
                    t.value("block", () -> c.configureBlocking(true).isBlocking());
                    t.value("connect", () -> c.connect(silent));
                    c.close();
                    t.say("pending", c.isConnectionPending());
                    t.value("finish", c::finishConnect);
                });
        s.add(
                "pending, not blocking any more",
                t -> {
                    SocketAddress silent = Net.silent(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    c.configureBlocking(false);
                    c.connect(silent);
                    c.configureBlocking(true);
                    var finish = t.blocked("finish", c::finishConnect);
                    finish.stillWaits();
                    c.close();
                    finish.end();
                });
        s.add(
                "refused, non-blocking",
                t -> {
                    SocketAddress no = Net.refusing(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    c.configureBlocking(false);
                    t.call(
                            "connect and finish",
                            () -> {
                                if (!c.connect(no)) {
                                    for (int i = 0; i < 500 && !c.finishConnect(); i++) {
                                        Thread.sleep(5);
                                    }
                                }
                            });
                    t.say("open", c.isOpen());
                    t.say("pending", c.isConnectionPending());
                    t.value("again", c::finishConnect);
                    t.value("connect", () -> c.connect(no));
                });
        s.add(
                "refused, seen by a selector",
                t -> {
                    SocketAddress no = Net.refusing(t);
                    Selector sel = t.open(Selector.open());
                    SocketChannel c = t.open(SocketChannel.open());
                    c.configureBlocking(false);
                    SelectionKey k = c.register(sel, SelectionKey.OP_CONNECT);
                    if (!t.value("pending", () -> !c.connect(no) || c.isConnectionPending())) {
                        return;
                    }
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    t.value("finish", c::finishConnect);
                    t.say("open", c.isOpen());
                    t.say("valid", k.isValid());
                    t.say("selectNow", sel.selectNow());
                    t.say("keys", sel.keys().size());
                });
        s.add(
                "connected, seen by a selector",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    Selector sel = t.open(Selector.open());
                    SocketChannel c = t.open(SocketChannel.open());
                    c.configureBlocking(false);
                    SelectionKey k = c.register(sel, SelectionKey.OP_CONNECT);
                    c.connect(l.getLocalAddress());
                    t.say("select", sel.select(4000));
                    t.say("ready", k.readyOps());
                    t.say("connectable", k.isConnectable());
                    t.say("finish", c.finishConnect());
                    sel.selectedKeys().clear();
                    t.say("after", sel.selectNow());
                    k.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
                    t.say("write", sel.selectNow());
                    t.say("ready", k.readyOps());
                });
        s.add(
                "blocking, waits and is closed",
                t -> {
                    SocketAddress silent = Net.silent(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    var connect = t.blocked("connect", () -> c.connect(silent));
                    t.say("pending", c.isConnectionPending());
                    t.say("connected", c.isConnected());
                    c.close();
                    connect.end();
                });
    }

    private static void failures(Suite s) {
        s.both(
                "refused",
                t -> {
                    SocketAddress no = Net.refusing(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("connect", () -> c.connect(no));
                    t.say("open", c.isOpen());
                    t.value("local", c::getLocalAddress);
                });
        s.add(
                "refused IPv6",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    SocketChannel holder = t.open(SocketChannel.open());
                    t.value(
                            "bind",
                            () -> holder.bind(new InetSocketAddress("::1", 0)).getLocalAddress());
                    if (holder.getLocalAddress() != null) {
                        t.value("connect", () -> c.connect(holder.getLocalAddress()));
                    }
                });
        s.add(
                "no route",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("multicast", () -> c.connect(new InetSocketAddress("224.0.0.1", 9)));
                    SocketChannel d = t.open(SocketChannel.open());
                    t.value(
                            "broadcast",
                            () -> d.connect(new InetSocketAddress("255.255.255.255", 9)));
                    SocketChannel e = t.open(SocketChannel.open());
                    e.bind(any());
                    t.value(
                            "from loopback",
                            () -> e.connect(new InetSocketAddress("192.0.2.1", 9)));
                });
        s.add(
                "to itself",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    c.bind(any());
                    t.value("connect", () -> c.connect(c.getLocalAddress()));
                    t.say("text", c);
                    t.value("write", () -> c.write(bytes("me")));
                    t.value("read", () -> Net.read(c, 2));
                });
        s.add(
                "same address twice",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    c.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    c.bind(any());
                    SocketAddress from = c.getLocalAddress();
                    c.connect(l.getLocalAddress());
                    SocketChannel d = t.open(SocketChannel.open());
                    d.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    t.value("bind", () -> d.bind(from).getLocalAddress());
                    t.value("connect", () -> d.connect(l.getLocalAddress()));
                });
    }

    private static void addresses(Suite s) {
        s.add(
                "bad addresses",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("null", () -> c.connect(null));
                    t.value("other type", () -> c.connect(new SocketAddress() {}));
                    t.value(
                            "unix",
                            () -> c.connect(java.net.UnixDomainSocketAddress.of("/tmp/none")));
                    t.value(
                            "unresolved",
                            () -> c.connect(InetSocketAddress.createUnresolved("x.invalid", 80)));
                    t.say("open", c.isOpen());
                });
        s.add(
                "port 0",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("connect", () -> c.connect(any()));
                    t.say("open", c.isOpen());
                });
        s.add(
                "IPv6",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    if (t.value("bind", () -> l.bind(new InetSocketAddress("::1", 0))) == null) {
                        return;
                    }
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("connect", () -> c.connect(l.getLocalAddress()));
                    SocketChannel a = t.open(l.accept());
                    t.say("local", c.getLocalAddress());
                    t.say("theirs", a.getRemoteAddress());
                    t.say("listener", l);
                });
        s.add(
                "dual stack",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open()).bind(null);
                    t.say("bound", l.getLocalAddress());
                    int port = ((InetSocketAddress) l.getLocalAddress()).getPort();
                    SocketChannel c =
                            t.open(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
                    SocketChannel a = t.open(l.accept());
                    t.say("v4", a.getLocalAddress() + " " + a.getRemoteAddress());
                    t.value(
                            "v6",
                            () -> {
                                SocketChannel d =
                                        t.open(
                                                SocketChannel.open(
                                                        new InetSocketAddress("::1", port)));
                                SocketChannel b = t.open(l.accept());
                                return b.getLocalAddress() + " " + b.getRemoteAddress() + " " + d;
                            });
                    t.say("client", c);
                });
        s.add(
                "scope",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    t.value(
                            "bind",
                            () -> {
                                InetAddress a = InetAddress.getByName("::1%lo");
                                return l.bind(new InetSocketAddress(a, 0)).getLocalAddress();
                            });
                });
        s.add(
                "the host's other address",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    t.value(
                            "bind",
                            () -> l.bind(new InetSocketAddress("10.0.0.1", 0)).getLocalAddress());
                    SocketChannel c = t.open(SocketChannel.open());
                    t.value("connect", () -> c.connect(l.getLocalAddress()));
                    t.say("text", c);
                    int port = ((InetSocketAddress) l.getLocalAddress()).getPort();
                    SocketChannel d = t.open(SocketChannel.open());
                    t.value("loopback", () -> d.connect(new InetSocketAddress("127.0.0.1", port)));
                    SocketChannel e = t.open(SocketChannel.open());
                    t.value(
                            "127.0.0.2",
                            () -> e.bind(new InetSocketAddress("127.0.0.2", 0)).getLocalAddress());
                    t.value("connect", () -> e.connect(l.getLocalAddress()));
                });
    }

    private static void listeners(Suite s) {
        s.add(
                "listener, fresh",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    t.value("local", l::getLocalAddress);
                    t.value("accept", l::accept);
                    t.say("text", l);
                    t.say("validOps", l.validOps());
                    t.say("blocking", l.isBlocking());
                    t.value("bind", () -> l.bind(any()) == l);
                    t.value("again", () -> l.bind(any()));
                    t.say("text", l);
                    l.close();
                    t.say("text", l);
                    t.value("accept", l::accept);
                    t.value("bind", () -> l.bind(any()));
                    t.value("local", l::getLocalAddress);
                    t.value("socket", () -> l.socket().isClosed());
                });
        s.add(
                "listener, families",
                t -> {
                    t.value(
                            "inet",
                            () ->
                                    t.open(
                                                    ServerSocketChannel.open(
                                                            java.net.StandardProtocolFamily.INET))
                                            .bind(null)
                                            .getLocalAddress());
                    t.value(
                            "inet, v6",
                            () ->
                                    t.open(
                                                    ServerSocketChannel.open(
                                                            java.net.StandardProtocolFamily.INET))
                                            .bind(new InetSocketAddress("::1", 0)));
                    t.value(
                            "inet6",
                            () ->
                                    t.open(
                                                    ServerSocketChannel.open(
                                                            java.net.StandardProtocolFamily.INET6))
                                            .bind(null)
                                            .getLocalAddress());
                    t.value(
                            "inet6, v4",
                            () ->
                                    t.open(
                                                    ServerSocketChannel.open(
                                                            java.net.StandardProtocolFamily.INET6))
                                            .bind(any())
                                            .getLocalAddress());
                    t.value("other", () -> ServerSocketChannel.open(() -> "OTHER"));
                });
        s.add(
                "listener, bad binds",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    ServerSocketChannel m = t.open(ServerSocketChannel.open());
                    t.value("in use", () -> m.bind(l.getLocalAddress()));
                    t.value("not local", () -> m.bind(new InetSocketAddress("192.0.2.1", 0)));
                    t.value(
                            "unresolved",
                            () -> m.bind(InetSocketAddress.createUnresolved("x.invalid", 0)));
                    t.value("type", () -> m.bind(new SocketAddress() {}));
                    t.value("negative backlog", () -> m.bind(any(), -1).getLocalAddress());
                    int port = ((InetSocketAddress) l.getLocalAddress()).getPort();
                    ServerSocketChannel n = t.open(ServerSocketChannel.open());
                    t.value("wildcard", () -> n.bind(new InetSocketAddress(port)));
                    t.value(
                            "other address",
                            () ->
                                    n.bind(new InetSocketAddress("127.0.0.3", port))
                                            .getLocalAddress());
                });
        s.add(
                "listener, port again after close",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketAddress at = l.getLocalAddress();
                    SocketChannel c = t.open(SocketChannel.open(at));
                    SocketChannel a = t.open(l.accept());
                    a.close();
                    l.close();
                    c.close();
                    ServerSocketChannel m = t.open(ServerSocketChannel.open());
                    t.value("reuse", () -> m.getOption(StandardSocketOptions.SO_REUSEADDR));
                    t.value("bind", () -> m.bind(at).getLocalAddress());
                    m.close();
                    ServerSocketChannel n = t.open(ServerSocketChannel.open());
                    n.setOption(StandardSocketOptions.SO_REUSEADDR, false);
                    t.value("without reuse", () -> n.bind(at).getLocalAddress());
                });
        s.add(
                "listener, reuse port",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    l.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                    l.bind(any());
                    ServerSocketChannel m = t.open(ServerSocketChannel.open());
                    t.value("without", () -> m.bind(l.getLocalAddress()));
                    m.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                    t.value("with", () -> m.bind(l.getLocalAddress()).getLocalAddress());
                });
    }

    private static void acceptNonBlocking(Suite s) {
        s.add(
                "accept, non-blocking",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    l.configureBlocking(false);
                    t.say("none", l.accept());
                    SocketChannel c = t.open(SocketChannel.open(l.getLocalAddress()));
                    SocketChannel[] a = new SocketChannel[1];
                    t.until("accepted", () -> (a[0] = l.accept()) != null);
                    t.open(a[0]);
                    t.say("blocking", a[0].isBlocking());
                    t.say("same", a[0].getRemoteAddress().equals(c.getLocalAddress()));
                    t.say("options", a[0].getOption(StandardSocketOptions.SO_REUSEADDR));
                    t.say("none", l.accept());
                });
        s.both(
                "accept waits",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    var accept = t.blocked("accept", () -> t.open(l.accept()).isConnected());
                    accept.stillWaits();
                    t.open(SocketChannel.open(l.getLocalAddress()));
                    accept.end();
                });
        s.both(
                "accept after the client has gone",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = SocketChannel.open(l.getLocalAddress());
                    c.write(bytes("bye"));
                    c.close();
                    SocketChannel a = t.open(l.accept());
                    t.say("text", a);
                    t.say("read", Net.read(a, 10));
                });
        s.both(
                "accept a reset connection",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    Net.reset(SocketChannel.open(l.getLocalAddress()));
                    t.moment();
                    SocketChannel a = t.open(l.accept());
                    t.value("read", () -> a.read(ByteBuffer.allocate(1)));
                    t.value("remote", () -> a.getRemoteAddress());
                });
        s.add(
                "listener closed with a connection waiting",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open(l.getLocalAddress()));
                    l.close();
                    t.moment();
                    t.value("read", () -> c.read(ByteBuffer.allocate(1)));
                    SocketChannel d = t.open(SocketChannel.open());
                    t.value("connect", () -> d.connect(c.getRemoteAddress()));
                });
    }
}
