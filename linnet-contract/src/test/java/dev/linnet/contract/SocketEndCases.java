package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.SocketCases.all;
import static dev.linnet.contract.SocketCases.bytes;

import dev.linnet.contract.Net.Sockets;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;

/// `java.net.Socket`: waiting, connecting, and the ends of connections.
final class SocketEndCases {

    private SocketEndCases() {}

    static void addTo(Suite s) {
        waiting(s);
        connecting(s);
        half(s);
        errors(s);
        options(s);
    }

    private static void waiting(Suite s) {
        s.both(
                "closed while reading",
                t -> {
                    Sockets p = Net.sockets(t);
                    var read = t.blocked("read", () -> p.server().getInputStream().read());
                    read.stillWaits();
                    p.server().close();
                    read.end();
                    t.value("peer", () -> p.client().getInputStream().read());
                });
        s.both(
                "closed while reading with a time-out",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.server().setSoTimeout(60_000);
                    var read = t.blocked("read", () -> p.server().getInputStream().read());
                    p.server().close();
                    read.end();
                });
        s.both(
                "closed while writing",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().setSendBufferSize(16_384);
                    var write =
                            t.blockedIn(
                                    "write",
                                    () -> p.client().getOutputStream().write(new byte[20_000_000]));
                    write.stillWaits();
                    p.client().close();
                    write.end();
                });
        s.both(
                "closed while both",
                t -> {
                    Sockets p = Net.sockets(t);
                    var read = t.blocked("read", () -> p.client().getInputStream().read());
                    var write =
                            t.blockedIn(
                                    "write",
                                    () -> p.client().getOutputStream().write(new byte[20_000_000]));
                    p.client().close();
                    read.end();
                    write.end();
                });
        s.both(
                "interrupted while reading",
                t -> {
                    Sockets p = Net.sockets(t);
                    var read = t.blocked("read", () -> p.server().getInputStream().read());
                    read.thread().interrupt();
                    t.moment();
                    t.say("closed", p.server().isClosed());
                    if (!p.server().isClosed()) {
                        p.client().getOutputStream().write(7);
                    }
                    read.end();
                });
        s.both(
                "interrupted while reading with a time-out",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.server().setSoTimeout(5_000);
                    var read = t.blocked("read", () -> p.server().getInputStream().read());
                    read.thread().interrupt();
                    t.moment();
                    t.say("closed", p.server().isClosed());
                    if (!p.server().isClosed()) {
                        p.client().getOutputStream().write(7);
                    }
                    read.end();
                });
        s.both(
                "interrupted before reading",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().getOutputStream().write(7);
                    t.moment();
                    t.started(
                                    "read",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return p.server().getInputStream().read();
                                    })
                            .end();
                    t.say("closed", p.server().isClosed());
                });
        s.both(
                "interrupted before waiting",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.server().setSoTimeout(100);
                    t.started(
                                    "read",
                                    () -> {
                                        Thread.currentThread().interrupt();
                                        return p.server().getInputStream().read();
                                    })
                            .end();
                    t.say("closed", p.server().isClosed());
                });
        s.both(
                "interrupted while connecting",
                t -> {
                    InetSocketAddress silent = Net.silent(t);
                    Socket k = t.open(new Socket());
                    var connect = t.blockedIn("connect", () -> k.connect(silent, 1500));
                    connect.thread().interrupt();
                    connect.end();
                    t.say("closed", k.isClosed());
                });
        s.both(
                "interrupted while writing",
                t -> {
                    Sockets p = Net.sockets(t);
                    var write =
                            t.blockedIn(
                                    "write",
                                    () -> p.client().getOutputStream().write(new byte[20_000_000]));
                    write.thread().interrupt();
                    t.moment();
                    t.say("closed", p.client().isClosed());
                    p.client().close();
                    write.end();
                });
    }

    private static void connecting(Suite s) {
        s.both(
                "connect with time-out",
                t -> {
                    InetSocketAddress silent = Net.silent(t);
                    Socket k = t.open(new Socket());
                    t.call("connect", () -> k.connect(silent, 60));
                    t.say("states", k.isConnected() + " " + k.isClosed());
                    t.call("again", () -> k.connect(silent, 60));
                });
        s.both(
                "closed while connecting",
                t -> {
                    InetSocketAddress silent = Net.silent(t);
                    Socket k = t.open(new Socket());
                    var connect = t.blockedIn("connect", () -> k.connect(silent));
                    k.close();
                    connect.end();
                    Socket l = t.open(new Socket());
                    var timed = t.blockedIn("timed", () -> l.connect(silent, 60_000));
                    l.close();
                    timed.end();
                });
        s.both(
                "refused",
                t -> {
                    InetSocketAddress no = Net.refusing(t);
                    Socket k = t.open(new Socket());
                    t.call("connect", () -> k.connect(no));
                    t.say("states", k.isBound() + " " + k.isConnected() + " " + k.isClosed());
                    Socket l = t.open(new Socket());
                    t.call("timed", () -> l.connect(no, 2000));
                    t.call("again", () -> l.connect(no, 2000));
                });
        s.add(
                "connect, bad",
                t -> {
                    Socket k = t.open(new Socket());
                    t.call("null", () -> k.connect(null));
                    t.call("negative", () -> k.connect(any(), -1));
                    t.call("type", () -> k.connect(new SocketAddress() {}));
                    t.say("closed", k.isClosed());
                    t.call(
                            "unresolved",
                            () -> k.connect(InetSocketAddress.createUnresolved("x.invalid", 1)));
                    t.say("closed", k.isClosed());
                    Socket l = t.open(new Socket());
                    t.call("port 0", () -> l.connect(any()));
                    Socket m = t.open(new Socket());
                    t.call("unreachable", () -> m.connect(new InetSocketAddress("192.0.2.1", 9)));
                    Socket n = t.open(new Socket());
                    t.call(
                            "broadcast",
                            () -> n.connect(new InetSocketAddress("255.255.255.255", 9)));
                });
        s.add(
                "connect to the wildcard",
                t -> {
                    ServerSocket l = t.open(new ServerSocket(0));
                    Socket k = t.open(new Socket());
                    t.call("connect", () -> k.connect(new InetSocketAddress(l.getLocalPort())));
                    t.say("remote", k.getInetAddress().equals(InetAddress.getLocalHost()));
                });
        s.add(
                "IPv6",
                t -> {
                    ServerSocket l = t.open(new ServerSocket());
                    if (t.call("bind", () -> l.bind(new InetSocketAddress("::1", 0)))) {
                        Socket k = t.open(new Socket());
                        t.call("connect", () -> k.connect(l.getLocalSocketAddress()));
                        all(t, k);
                        all(t, t.open(l.accept()));
                        t.say("listener", l);
                    }
                });
        s.add(
                "time-out that is kept",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    Socket k = t.open(new Socket());
                    k.setSoTimeout(40);
                    k.setTcpNoDelay(true);
                    k.setSoLinger(true, 3);
                    k.connect(l.getLocalSocketAddress(), 1000);
                    t.value("timeout", k::getSoTimeout);
                    t.value("nodelay", k::getTcpNoDelay);
                    t.value("linger", k::getSoLinger);
                    t.value("read", () -> k.getInputStream().read());
                });
    }

    private static void half(Suite s) {
        s.both(
                "shutdown output",
                t -> {
                    Sockets p = Net.sockets(t);
                    OutputStream out = p.client().getOutputStream();
                    out.write(bytes("last"));
                    p.client().shutdownOutput();
                    t.value("all", () -> p.server().getInputStream().readAllBytes());
                    t.call("write", () -> out.write(1));
                    t.call("again", p.client()::shutdownOutput);
                    t.value("out", p.client()::getOutputStream);
                    p.server().getOutputStream().write(bytes("reply"));
                    t.value("read", () -> p.client().getInputStream().readNBytes(5));
                    all(t, p.client());
                });
        s.both(
                "shutdown input",
                t -> {
                    Sockets p = Net.sockets(t);
                    InputStream in = p.server().getInputStream();
                    p.client().getOutputStream().write(bytes("unread"));
                    t.until("there", () -> in.available() == 6);
                    p.server().shutdownInput();
                    t.value("read", in::read);
                    t.value("available", in::available);
                    t.call("again", p.server()::shutdownInput);
                    t.value("in", p.server()::getInputStream);
                    t.call("peer writes", () -> p.client().getOutputStream().write(bytes("more")));
                    t.value("read", in::read);
                    all(t, p.server());
                });
        s.both(
                "shutdown input ends read",
                t -> {
                    Sockets p = Net.sockets(t);
                    var read = t.blocked("read", () -> p.server().getInputStream().read());
                    p.server().shutdownInput();
                    read.end();
                });
        s.both(
                "shutdown output ends write",
                t -> {
                    Sockets p = Net.sockets(t);
                    var write =
                            t.blockedIn(
                                    "write",
                                    () -> p.client().getOutputStream().write(new byte[20_000_000]));
                    p.client().shutdownOutput();
                    write.end();
                });
        s.add(
                "available",
                t -> {
                    Sockets p = Net.sockets(t);
                    InputStream in = p.server().getInputStream();
                    t.value("none", in::available);
                    p.client().getOutputStream().write(bytes("some"));
                    t.until("there", () -> in.available() == 4);
                    p.client().close();
                    t.moment();
                    t.value("after the end", in::available);
                    t.value("all", in::readAllBytes);
                    t.value("at the end", in::available);
                });
    }

    private static void errors(Suite s) {
        s.both(
                "reset",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().setSoLinger(true, 0);
                    p.client().close();
                    t.moment();
                    t.value("read", () -> p.server().getInputStream().read());
                    t.value("again", () -> p.server().getInputStream().read());
                    t.value("available", () -> p.server().getInputStream().available());
                    t.call("write", () -> p.server().getOutputStream().write(1));
                    t.say("closed", p.server().isClosed() + " " + p.server().isConnected());
                });
        s.both(
                "reset while reading",
                t -> {
                    Sockets p = Net.sockets(t);
                    var read = t.blocked("read", () -> p.server().getInputStream().read());
                    p.client().setSoLinger(true, 0);
                    p.client().close();
                    read.end();
                });
        s.both(
                "reset with data",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().getOutputStream().write(bytes("data"));
                    p.client().setSoLinger(true, 0);
                    p.client().close();
                    t.moment();
                    t.value("read", () -> p.server().getInputStream().read());
                    t.value("read", () -> p.server().getInputStream().read(new byte[9]));
                    t.value("read", () -> p.server().getInputStream().read(new byte[9]));
                });
        s.add(
                "write to a closed peer",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().close();
                    OutputStream out = p.server().getOutputStream();
                    t.call("first", () -> out.write(1));
                    t.moment();
                    t.call("second", () -> out.write(1));
                    t.call("third", () -> out.write(1));
                    t.value("read", () -> p.server().getInputStream().read());
                });
        s.add(
                "reset, then write",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().setSoLinger(true, 0);
                    p.client().close();
                    t.moment();
                    t.call("write", () -> p.server().getOutputStream().write(1));
                    t.call("write", () -> p.server().getOutputStream().write(1));
                    t.call("shutdown", p.server()::shutdownOutput);
                });
        s.add(
                "linger",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().setSoLinger(true, 2);
                    p.client().getOutputStream().write(bytes("taken"));
                    t.call("close", p.client()::close);
                    t.value("all", () -> p.server().getInputStream().readAllBytes());
                });
        s.add(
                "urgent",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().sendUrgentData('a');
                    p.client().getOutputStream().write('b');
                    t.value("out of line", () -> p.server().getInputStream().read());
                    p.server().setOOBInline(true);
                    p.client().sendUrgentData(0x1c3);
                    t.value("in line", () -> p.server().getInputStream().read());
                });
    }

    private static void options(Suite s) {
        s.add("options", t -> AdaptorCases.legacy(t, t.open(new Socket())));
        s.add(
                "options of a connection",
                t -> {
                    Sockets p = Net.sockets(t);
                    AdaptorCases.legacy(t, p.client());
                    AdaptorCases.legacy(t, p.server());
                });
    }
}
