package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.loopback;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;

/// `java.net.ServerSocket`.
final class ServerSocketCases {
    private ServerSocketCases() {}

    static void addTo(Suite s) {
        states(s);
        binding(s);
        accepting(s);
        waiting(s);
    }

    private static void all(Trace t, ServerSocket l) {
        t.say("text", l);
        t.say("states", l.isBound() + " " + l.isClosed());
        t.say("port", t.port(l.getLocalPort()));
        t.say("address", l.getInetAddress());
        t.say("local", l.getLocalSocketAddress());
        t.say("channel", l.getChannel());
    }

    private static void states(Suite s) {
        s.add(
                "fresh",
                t -> {
                    ServerSocket l = t.open(new ServerSocket());
                    all(t, l);
                    t.value("accept", l::accept);
                    t.value("reuse", l::getReuseAddress);
                    t.value("rcvbuf", l::getReceiveBufferSize);
                    t.value("timeout", l::getSoTimeout);
                });
        s.add(
                "bound, then closed",
                t -> {
                    ServerSocket l = t.open(new ServerSocket());
                    t.call("bind", () -> l.bind(any()));
                    all(t, l);
                    t.call("again", () -> l.bind(any()));
                    l.close();
                    l.close();
                    all(t, l);
                    t.value("accept", l::accept);
                    t.call("bind", () -> l.bind(any()));
                    t.value("reuse", l::getReuseAddress);
                    t.value("timeout", l::getSoTimeout);
                    t.call("timeout", () -> l.setSoTimeout(4));
                    t.value("option", () -> l.getOption(StandardSocketOptions.SO_RCVBUF));
                });
        s.add(
                "options",
                t -> {
                    ServerSocket l = t.open(new ServerSocket());
                    t.value(
                            "reuse off",
                            () -> {
                                l.setReuseAddress(false);
                                return l.getReuseAddress();
                            });
                    t.value(
                            "rcvbuf",
                            () -> {
                                l.setReceiveBufferSize(9999);
                                return l.getReceiveBufferSize();
                            });
                    t.call("rcvbuf 0", () -> l.setReceiveBufferSize(0));
                    t.value(
                            "timeout",
                            () -> {
                                l.setSoTimeout(9);
                                return l.getSoTimeout();
                            });
                    t.call("timeout -1", () -> l.setSoTimeout(-1));
                    t.call("performance", () -> l.setPerformancePreferences(1, 0, 0));
                    l.bind(any());
                    try (Socket k = new Socket(loopback(), l.getLocalPort());
                            Socket a = l.accept()) {
                        t.say("inherited", a.getReceiveBufferSize() + " " + k.getReuseAddress());
                    }
                });
    }

    private static void binding(Suite s) {
        s.add(
                "constructors",
                t -> {
                    t.value("any", () -> t.open(new ServerSocket(0)).getLocalSocketAddress());
                    t.value("text", () -> t.open(new ServerSocket(0)));
                    t.value("backlog", () -> t.open(new ServerSocket(0, 1)).isBound());
                    t.value(
                            "address",
                            () ->
                                    t.open(
                                                    new ServerSocket(
                                                            0,
                                                            1,
                                                            InetAddress.getByName("127.0.0.9")))
                                            .getInetAddress());
                    t.value(
                            "null address",
                            () -> t.open(new ServerSocket(0, 1, null)).getInetAddress());
                    t.value("negative", () -> new ServerSocket(-1));
                    t.value("too large", () -> new ServerSocket(65536));
                    t.value(
                            "not local",
                            () -> new ServerSocket(0, 1, InetAddress.getByName("192.0.2.1")));
                    t.value(
                            "other address",
                            () ->
                                    t.open(
                                                    new ServerSocket(
                                                            0,
                                                            1,
                                                            InetAddress.getByName("10.0.0.1")))
                                            .getInetAddress());
                });
        s.add(
                "bind",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    t.value("in use", () -> new ServerSocket(l.getLocalPort(), 1, loopback()));
                    t.value("wildcard in use", () -> new ServerSocket(l.getLocalPort()));
                    ServerSocket m = t.open(new ServerSocket());
                    t.call("in use", () -> m.bind(l.getLocalSocketAddress()));
                    t.call(
                            "unresolved",
                            () -> m.bind(InetSocketAddress.createUnresolved("x.invalid", 0)));
                    t.call("type", () -> m.bind(new SocketAddress() {}));
                    t.say("bound", m.isBound());
                    t.call("null", () -> m.bind(null));
                    t.say("bound", m.getLocalSocketAddress());
                    ServerSocket n = t.open(new ServerSocket());
                    t.call("negative backlog", () -> n.bind(any(), -5));
                });
        s.add(
                "port again after connections",
                t -> {
                    ServerSocket l = new ServerSocket(0, 5, loopback());
                    Socket k = t.open(new Socket(loopback(), l.getLocalPort()));
                    Socket a = t.open(l.accept());
                    SocketAddress at = l.getLocalSocketAddress();
                    a.close();
                    l.close();
                    k.close();
                    t.moment();
                    ServerSocket m = t.open(new ServerSocket());
                    t.call("bind", () -> m.bind(at));
                    m.close();
                    ServerSocket n = t.open(new ServerSocket());
                    n.setReuseAddress(false);
                    t.call("without reuse", () -> n.bind(at));
                });
        s.add(
                "reuse port",
                t -> {
                    ServerSocket l = t.open(new ServerSocket());
                    l.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                    l.bind(any());
                    ServerSocket m = t.open(new ServerSocket());
                    m.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                    t.call("bind", () -> m.bind(l.getLocalSocketAddress()));
                    ServerSocket n = t.open(new ServerSocket());
                    t.call("without", () -> n.bind(l.getLocalSocketAddress()));
                });
    }

    private static void accepting(Suite s) {
        s.both(
                "accept",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    var accept = t.blocked("accept", () -> t.open(l.accept()).isConnected());
                    accept.stillWaits();
                    Socket k = t.open(new Socket(loopback(), l.getLocalPort()));
                    accept.end();
                    t.say("client", k);
                });
        s.both(
                "time-out",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    l.setSoTimeout(50);
                    t.value("accept", l::accept);
                    t.open(new Socket(loopback(), l.getLocalPort()));
                    Socket a = t.open(l.accept());
                    t.say("timeout", a.getSoTimeout());
                    t.value("again", l::accept);
                    t.say("closed", l.isClosed());
                });
        s.add(
                "backlog",
                t -> {
                    ServerSocket l = t.open(new ServerSocket(0, 1, loopback()));
                    for (int i = 0; i < 2; i++) {
                        t.open(new Socket(loopback(), l.getLocalPort()));
                    }
                    Socket k = t.open(new Socket());
                    t.call("third", () -> k.connect(l.getLocalSocketAddress(), 60));
                    t.open(l.accept());
                    t.open(l.accept());
                    Socket m = t.open(new Socket());
                    t.call("room", () -> m.connect(l.getLocalSocketAddress(), 3000));
                });
        s.add(
                "accepted",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    Socket k = t.open(new Socket(loopback(), l.getLocalPort()));
                    Socket a = t.open(l.accept());
                    t.say("client", k);
                    t.say("server", a);
                    t.say("local", a.getLocalSocketAddress());
                    t.say("remote", a.getRemoteSocketAddress());
                    t.say("states", a.isBound() + " " + a.isConnected());
                });
        s.add(
                "subclass",
                t -> {
                    ServerSocket l =
                            new ServerSocket(0, 5, loopback()) {
                                @Override
                                public Socket accept() throws java.io.IOException {
                                    Socket k = new Socket();
                                    implAccept(k);
                                    return k;
                                }
                            };
                    t.open(l);
                    t.open(new Socket(loopback(), l.getLocalPort()));
                    t.say("accepted", t.open(l.accept()).isConnected());
                });
    }

    private static void waiting(Suite s) {
        s.both(
                "closed while accepting",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    var accept = t.blocked("accept", l::accept);
                    accept.stillWaits();
                    l.close();
                    accept.end();
                });
        s.both(
                "closed while accepting with a time-out",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    l.setSoTimeout(60_000);
                    var accept = t.blocked("accept", l::accept);
                    l.close();
                    accept.end();
                });
        s.both(
                "interrupted while accepting",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    var accept = t.blocked("accept", () -> t.open(l.accept()).isConnected());
                    accept.thread().interrupt();
                    t.moment();
                    t.say("closed", l.isClosed());
                    if (!l.isClosed()) {
                        t.open(new Socket(loopback(), l.getLocalPort()));
                    }
                    accept.end();
                });
        s.both(
                "two acceptors",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    var one = t.blocked("one", () -> t.open(l.accept()).isConnected());
                    var two = t.blocked("two", () -> t.open(l.accept()).isConnected());
                    t.open(new Socket(loopback(), l.getLocalPort()));
                    t.open(new Socket(loopback(), l.getLocalPort()));
                    one.end();
                    two.end();
                });
    }
}
