package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.bytes;

import dev.linnet.contract.Net.Pair;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The sockets of channels.
final class AdaptorCases {
    private AdaptorCases() {}

    static void addTo(Suite s) {
        socketStates(s);
        socketStreams(s);
        connecting(s);
        server(s);
        datagram(s);
        streams(s);
    }

    private static void socketStates(Suite s) {
        s.add(
                "socket, fresh",
                t -> {
                    SocketChannel c = t.open(SocketChannel.open());
                    Socket k = c.socket();
                    t.say("same", c.socket() == k && k.getChannel() == c);
                    t.say("text", k);
                    t.say("states", k.isBound() + " " + k.isConnected() + " " + k.isClosed());
                    t.say("ports", k.getPort() + " " + k.getLocalPort());
                    t.say("address", k.getInetAddress());
                    t.say("local", k.getLocalAddress());
                    t.say("remote", k.getRemoteSocketAddress());
                    t.say("local address", k.getLocalSocketAddress());
                    t.value("in", k::getInputStream);
                    t.value("out", k::getOutputStream);
                    t.call("shutdown", k::shutdownInput);
                    t.call("shutdown", k::shutdownOutput);
                    t.value("timeout", k::getSoTimeout);
                    t.call("timeout", () -> k.setSoTimeout(-1));
                    t.call("urgent", () -> k.sendUrgentData(1));
                    t.call("bind", () -> k.bind(any()));
                    t.say("bound", k.isBound());
                    t.say("text", k);
                    t.say("local", k.getLocalAddress());
                    t.call("again", () -> k.bind(any()));
                    t.call("performance", () -> k.setPerformancePreferences(1, 2, 3));
                });
        s.add(
                "socket, connected",
                t -> {
                    Pair p = Net.pair(t);
                    Socket k = p.server().socket();
                    t.say("text", k);
                    t.say("states", k.isBound() + " " + k.isConnected() + " " + k.isClosed());
                    t.say("shut", k.isInputShutdown() + " " + k.isOutputShutdown());
                    t.say("remote", k.getRemoteSocketAddress());
                    t.say("local", k.getLocalSocketAddress());
                    t.say("address", k.getInetAddress() + " " + k.getLocalAddress());
                    t.say("ports", t.port(k.getPort()) + " " + t.port(k.getLocalPort()));
                    t.call("connect", () -> k.connect(any()));
                    t.call("close", k::close);
                    t.say("channel", p.server().isOpen());
                    t.say("states", k.isBound() + " " + k.isConnected() + " " + k.isClosed());
                    t.say("text", k);
                    t.say("address", k.getInetAddress() + " " + k.getLocalAddress());
                    t.say("local", k.getLocalSocketAddress());
                    t.value("in", k::getInputStream);
                    t.value("timeout", k::getSoTimeout);
                    t.value("nodelay", k::getTcpNoDelay);
                    t.call("shutdown", k::shutdownInput);
                });
        s.add(
                "socket, half closed",
                t -> {
                    Pair p = Net.pair(t);
                    Socket k = p.server().socket();
                    InputStream in = k.getInputStream();
                    k.shutdownInput();
                    t.value("read", in::read);
                    t.value("in", k::getInputStream);
                    t.call("again", k::shutdownInput);
                    k.shutdownOutput();
                    t.value("out", k::getOutputStream);
                    t.call("again", k::shutdownOutput);
                    t.say("shut", k.isInputShutdown() + " " + k.isOutputShutdown());
                });
        s.add(
                "socket options",
                t -> {
                    Socket k = t.open(SocketChannel.open()).socket();
                    legacy(t, k);
                });
    }

    /// The getters and setters that sockets have for options.
    static void legacy(Trace t, Socket k) {
        t.value(
                "nodelay",
                () -> {
                    k.setTcpNoDelay(true);
                    return k.getTcpNoDelay();
                });
        t.value(
                "keepalive",
                () -> {
                    k.setKeepAlive(true);
                    return k.getKeepAlive();
                });
        t.value("linger", k::getSoLinger);
        t.value(
                "linger 70000",
                () -> {
                    k.setSoLinger(true, 70_000);
                    return k.getSoLinger();
                });
        t.value(
                "linger off",
                () -> {
                    k.setSoLinger(false, 5);
                    return k.getSoLinger();
                });
        t.call("linger -1", () -> k.setSoLinger(true, -1));
        t.value("inline", k::getOOBInline);
        t.value(
                "inline",
                () -> {
                    k.setOOBInline(true);
                    return k.getOOBInline();
                });
        t.value("reuse", k::getReuseAddress);
        t.value(
                "reuse",
                () -> {
                    k.setReuseAddress(true);
                    return k.getReuseAddress();
                });
        t.value(
                "sndbuf",
                () -> {
                    k.setSendBufferSize(12_345);
                    return k.getSendBufferSize();
                });
        t.value(
                "rcvbuf",
                () -> {
                    k.setReceiveBufferSize(12_345);
                    return k.getReceiveBufferSize();
                });
        t.call("sndbuf 0", () -> k.setSendBufferSize(0));
        t.call("rcvbuf 0", () -> k.setReceiveBufferSize(0));
        t.value("class", k::getTrafficClass);
        t.value(
                "class",
                () -> {
                    k.setTrafficClass(0x10);
                    return k.getTrafficClass();
                });
        t.call("class 256", () -> k.setTrafficClass(256));
        t.value(
                "timeout",
                () -> {
                    k.setSoTimeout(77);
                    return k.getSoTimeout();
                });
        t.call("timeout -1", () -> k.setSoTimeout(-1));
    }

    private static void socketStreams(Suite s) {
        s.both(
                "read with time-out",
                t -> {
                    Pair p = Net.pair(t);
                    Socket k = p.server().socket();
                    k.setSoTimeout(60);
                    InputStream in = k.getInputStream();
                    t.value("read", in::read);
                    p.client().write(bytes("abc"));
                    t.value("read", in::read);
                    t.value("available", in::available);
                    t.value("read", () -> in.read(new byte[10]));
                    t.value("read", () -> in.read(new byte[10]));
                    k.setSoTimeout(0);
                    var read = t.blocked("for ever", in::read);
                    read.stillWaits();
                    p.client().write(bytes("d"));
                    read.end();
                    p.client().close();
                    t.value("end", in::read);
                    t.say("blocking", p.server().isBlocking());
                });
        s.both(
                "streams",
                t -> {
                    Pair p = Net.pair(t);
                    InputStream in = p.server().socket().getInputStream();
                    var out = p.client().socket().getOutputStream();
                    out.write(65);
                    out.write("bcdef".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 1, 3);
                    t.value("read", in::read);
                    byte[] b = new byte[10];
                    t.value("read", () -> in.read(b, 2, 5) + " " + b[2]);
                    t.value("none", () -> in.read(b, 0, 0));
                    t.value("bad", () -> in.read(b, 5, 6));
                    t.call("bad", () -> out.write(b, 5, 6));
                    t.call("null", () -> out.write(null));
                    t.value("null", () -> in.read(null));
                    out.write(
                            "skipped and all"
                                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
                    t.until("there", () -> in.available() == 15);
                    t.value("skip", () -> in.skip(8));
                    t.value("mark", in::markSupported);
                    p.client().shutdownOutput();
                    t.value("rest", in::readAllBytes);
                    t.value("end", () -> in.read(b));
                    t.value("available", in::available);
                    in.close();
                    t.say("closed", p.server().isOpen());
                    t.value("read", in::read);
                    t.value("available", in::available);
                    t.call("write", () -> p.server().socket().getOutputStream().write(1));
                });
        s.add(
                "streams, non-blocking channel",
                t -> {
                    Pair p = Net.pair(t);
                    InputStream in = p.server().socket().getInputStream();
                    p.server().configureBlocking(false);
                    t.value("read", in::read);
                    t.value("none", () -> in.read(new byte[0]));
                    t.value("available", in::available);
                    t.call("write", () -> p.server().socket().getOutputStream().write(1));
                    p.server().socket().setSoTimeout(20);
                    t.value("timed", in::read);
                    t.value(
                            "finish",
                            () ->
                                    p.server()
                                            .socket()
                                            .getInputStream()
                                            .transferTo(java.io.OutputStream.nullOutputStream()));
                });
        s.add(
                "stream errors",
                t -> {
                    Pair p = Net.pair(t);
                    Net.reset(p.client());
                    t.moment();
                    t.value("read", () -> p.server().socket().getInputStream().read());
                    t.value("again", () -> p.server().socket().getInputStream().read());
                    t.call("write", () -> p.server().socket().getOutputStream().write(1));
                    t.value("available", () -> p.server().socket().getInputStream().available());
                });
        s.add(
                "urgent data",
                t -> {
                    Pair p = Net.pair(t);
                    p.server().socket().setOOBInline(true);
                    p.client().socket().sendUrgentData('u');
                    t.value("read", () -> p.server().socket().getInputStream().read());
                });
    }

    private static void connecting(Suite s) {
        s.both(
                "connect with time-out",
                t -> {
                    InetSocketAddress silent = Net.silent(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    t.call("connect", () -> c.socket().connect(silent, 60));
                    t.say("open", c.isOpen());
                    SocketChannel d = t.open(SocketChannel.open());
                    InetSocketAddress no = Net.refusing(t);
                    t.call("refused", () -> d.socket().connect(no, 1000));
                    t.say("open", d.isOpen());
                });
        s.add(
                "connect",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    SocketChannel c = t.open(SocketChannel.open());
                    t.call("negative", () -> c.socket().connect(l.getLocalAddress(), -1));
                    t.call("null", () -> c.socket().connect(null));
                    t.call("type", () -> c.socket().connect(new java.net.SocketAddress() {}));
                    t.call(
                            "unresolved",
                            () ->
                                    c.socket()
                                            .connect(
                                                    InetSocketAddress.createUnresolved(
                                                            "x.invalid", 1)));
                    SocketChannel d = t.open(SocketChannel.open());
                    t.call("timed", () -> d.socket().connect(l.getLocalAddress(), 2000));
                    t.say("connected", d.isConnected() + " " + d.isBlocking());
                    t.call("again", () -> d.socket().connect(l.getLocalAddress(), 2000));
                    SocketChannel e = t.open(SocketChannel.open());
                    e.configureBlocking(false);
                    t.call("non-blocking", () -> e.socket().connect(l.getLocalAddress()));
                    t.call(
                            "non-blocking, timed",
                            () -> e.socket().connect(l.getLocalAddress(), 100));
                });
    }

    private static void server(Suite s) {
        s.add(
                "server socket",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    ServerSocket k = l.socket();
                    t.say("same", l.socket() == k && k.getChannel() == l);
                    t.say("text", k);
                    t.say("states", k.isBound() + " " + k.isClosed() + " " + k.getLocalPort());
                    t.say("address", k.getInetAddress() + " " + k.getLocalSocketAddress());
                    t.value("accept", k::accept);
                    t.call("bind", () -> k.bind(any(), 3));
                    t.call("again", () -> k.bind(any()));
                    t.say("text", k);
                    t.say("address", k.getInetAddress() + " " + k.getLocalSocketAddress());
                    t.value("reuse", k::getReuseAddress);
                    t.value("rcvbuf", k::getReceiveBufferSize);
                    t.call("rcvbuf 0", () -> k.setReceiveBufferSize(0));
                    t.value("timeout", k::getSoTimeout);
                    t.call("negative", () -> k.setSoTimeout(-1));
                    t.call("close", k::close);
                    t.say("open", l.isOpen());
                    t.say("states", k.isBound() + " " + k.isClosed());
                    t.say("text", k);
                    t.value("accept", k::accept);
                    t.call("bind", () -> k.bind(any()));
                });
        s.both(
                "accept with time-out",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    l.socket().setSoTimeout(60);
                    t.value("accept", () -> l.socket().accept());
                    t.open(SocketChannel.open(l.getLocalAddress()));
                    Socket a = t.open(l.socket().accept());
                    t.say("accepted", a);
                    t.say("channel", a.getChannel() != null);
                    t.say("blocking", a.getChannel().isBlocking() + " " + l.isBlocking());
                    t.say("timeout", a.getSoTimeout());
                });
        s.add(
                "accept, non-blocking",
                t -> {
                    ServerSocketChannel l = Net.listen(t);
                    l.configureBlocking(false);
                    t.value("accept", () -> l.socket().accept());
                    l.socket().setSoTimeout(30);
                    t.value("timed", () -> l.socket().accept());
                    t.open(SocketChannel.open(l.getLocalAddress()));
                    t.moment();
                    t.value("connection there", () -> l.socket().accept());
                });
    }

    private static void datagram(Suite s) {
        s.add(
                "datagram socket",
                t -> {
                    DatagramChannel d = t.open(DatagramChannel.open());
                    DatagramSocket k = d.socket();
                    t.say("same", d.socket() == k && k.getChannel() == d);
                    t.say("states", k.isBound() + " " + k.isConnected() + " " + k.isClosed());
                    t.say("ports", k.getPort() + " " + k.getLocalPort());
                    t.say("address", k.getInetAddress() + " " + k.getLocalAddress());
                    t.say(
                            "addresses",
                            k.getRemoteSocketAddress() + " " + k.getLocalSocketAddress());
                    t.call("bind", () -> k.bind(any()));
                    t.call("again", () -> k.bind(any()));
                    t.say("address", k.getLocalSocketAddress());
                    DatagramSocket other = Net.datagram(t).socket();
                    t.call(
                            "send",
                            () ->
                                    other.send(
                                            new DatagramPacket(
                                                    new byte[3], 3, k.getLocalSocketAddress())));
                    DatagramPacket p = new DatagramPacket(new byte[9], 9);
                    t.call("receive", () -> k.receive(p));
                    t.say("packet", p.getLength() + " " + p.getSocketAddress());
                    k.setSoTimeout(40);
                    t.call("timed", () -> k.receive(p));
                    k.connect(other.getLocalSocketAddress());
                    t.say(
                            "connected",
                            k.isConnected()
                                    + " "
                                    + d.isConnected()
                                    + " "
                                    + k.getRemoteSocketAddress());
                    d.configureBlocking(false);
                    t.call("non-blocking receive", () -> k.receive(p));
                    t.call("non-blocking send", () -> k.send(new DatagramPacket(new byte[1], 1)));
                    k.disconnect();
                    t.say("disconnected", d.isConnected());
                    k.close();
                    t.say("closed", d.isOpen() + " " + k.isClosed());
                    t.say("address", k.getLocalAddress() + " " + k.getLocalPort());
                    t.call("receive", () -> k.receive(p));
                    t.call("send", () -> k.send(p));
                });
        s.both(
                "datagram socket closed while receiving",
                t -> {
                    DatagramChannel d = Net.datagram(t);
                    var receive =
                            t.blockedIn(
                                    "receive",
                                    () -> d.socket().receive(new DatagramPacket(new byte[9], 9)));
                    receive.stillWaits();
                    d.socket().close();
                    receive.end();
                });
        s.both(
                "datagram socket interrupted",
                t -> {
                    DatagramChannel d = Net.datagram(t);
                    var receive =
                            t.blockedIn(
                                    "receive",
                                    () -> d.socket().receive(new DatagramPacket(new byte[9], 9)));
                    receive.thread().interrupt();
                    receive.end();
                    t.say("open", d.isOpen());
                });
    }

    private static void streams(Suite s) {
        s.both(
                "Channels.newInputStream",
                t -> {
                    Pair p = Net.pair(t);
                    InputStream in = Channels.newInputStream(p.server());
                    var out = Channels.newOutputStream(p.client());
                    out.write(bytes("stream of bytes").array());
                    t.value("read", in::read);
                    t.value("read", () -> in.read(new byte[5]));
                    t.value("available", in::available);
                    t.value("skip", () -> in.skip(2));
                    t.value("none", () -> in.read(new byte[0]));
                    out.close();
                    t.say("open", p.client().isOpen());
                    t.value("rest", in::readAllBytes);
                    t.value("end", in::read);
                    in.close();
                    t.say("open", p.server().isOpen());
                    t.value("closed", in::read);
                });
        s.both(
                "stream ignores the time-out",
                t -> {
                    Pair p = Net.pair(t);
                    p.server().socket().setSoTimeout(20);
                    var read = t.blocked("read", () -> Channels.newInputStream(p.server()).read());
                    read.stillWaits();
                    t.value("channel", () -> p.client().write(bytes("x")));
                    read.end();
                });
        s.both(
                "reader and writer",
                t -> {
                    Pair p = Net.pair(t);
                    var w = Channels.newWriter(p.client(), java.nio.charset.StandardCharsets.UTF_8);
                    w.write("grüße\n");
                    w.close();
                    var r =
                            new java.io.BufferedReader(
                                    Channels.newReader(
                                            p.server(), java.nio.charset.StandardCharsets.UTF_8));
                    t.value("line", r::readLine);
                    t.value("line", r::readLine);
                });
        s.add(
                "stream transfer",
                t -> {
                    Pair p = Net.pair(t);
                    Pair q = Net.pair(t);
                    p.client().write(ByteBuffer.allocate(1000));
                    p.client().close();
                    t.value(
                            "transfer",
                            () ->
                                    Channels.newInputStream(p.server())
                                            .transferTo(Channels.newOutputStream(q.client())));
                    t.value("there", () -> Net.read(q.server(), 1000).length());
                });
    }
}
