package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.loopback;

import dev.linnet.contract.Net.Sockets;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/// `java.net.Socket`.
final class SocketCases {
    private SocketCases() {}

    static void addTo(Suite s) {
        states(s);
        constructors(s);
        reading(s);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static void all(Trace t, Socket k) {
        t.say("text", k);
        t.say("states", k.isBound() + " " + k.isConnected() + " " + k.isClosed());
        t.say("shut", k.isInputShutdown() + " " + k.isOutputShutdown());
        t.say("ports", t.port(k.getPort()) + " " + t.port(k.getLocalPort()));
        t.say("address", k.getInetAddress());
        t.say("local", k.getLocalAddress());
        t.say("remote", k.getRemoteSocketAddress());
        t.say("local address", k.getLocalSocketAddress());
        t.say("channel", k.getChannel());
    }

    private static void states(Suite s) {
        s.add(
                "fresh",
                t -> {
                    Socket k = t.open(new Socket());
                    all(t, k);
                    t.value("in", k::getInputStream);
                    t.value("out", k::getOutputStream);
                    t.call("shutdown in", k::shutdownInput);
                    t.call("shutdown out", k::shutdownOutput);
                    t.call("urgent", () -> k.sendUrgentData(1));
                });
        s.add(
                "bound",
                t -> {
                    Socket k = t.open(new Socket());
                    t.call("bind", () -> k.bind(any()));
                    all(t, k);
                    t.call("again", () -> k.bind(any()));
                    Socket l = t.open(new Socket());
                    t.call("in use", () -> l.bind(k.getLocalSocketAddress()));
                    t.call("not local", () -> l.bind(new InetSocketAddress("192.0.2.1", 0)));
                    t.call(
                            "unresolved",
                            () -> l.bind(InetSocketAddress.createUnresolved("x.invalid", 0)));
                    t.call("type", () -> l.bind(new SocketAddress() {}));
                    t.call("null", () -> l.bind(null));
                    all(t, l);
                });
        s.add(
                "connected, then closed",
                t -> {
                    Sockets p = Net.sockets(t);
                    all(t, p.client());
                    all(t, p.server());
                    t.call("again", () -> p.client().connect(any()));
                    t.call("bind", () -> p.client().bind(any()));
                    InputStream in = p.client().getInputStream();
                    t.say("same", p.client().getInputStream() == in);
                    p.client().close();
                    p.client().close();
                    all(t, p.client());
                    t.value("read", in::read);
                    t.value("available", in::available);
                    t.value("in", p.client()::getInputStream);
                    t.call("shutdown", p.client()::shutdownInput);
                    t.call("connect", () -> p.client().connect(any()));
                    t.call("bind", () -> p.client().bind(any()));
                    t.value("timeout", p.client()::getSoTimeout);
                    t.call("timeout", () -> p.client().setSoTimeout(1));
                    t.value("nodelay", p.client()::getTcpNoDelay);
                    t.call("urgent", () -> p.client().sendUrgentData(1));
                });
        s.add(
                "closed before use",
                t -> {
                    Socket k = new Socket();
                    k.close();
                    all(t, k);
                    t.call("connect", () -> k.connect(any()));
                    t.call("bind", () -> k.bind(any()));
                    t.value("reuse", k::getReuseAddress);
                });
        s.add(
                "closed by its streams",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.client().getInputStream().close();
                    t.say("closed", p.client().isClosed());
                    p.server().getOutputStream().close();
                    t.say("closed", p.server().isClosed());
                });
    }

    private static void constructors(Suite s) {
        s.add(
                "constructors",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    int port = l.getLocalPort();
                    t.value("address", () -> t.open(new Socket(loopback(), port)).isConnected());
                    t.value("name", () -> t.open(new Socket("127.0.0.1", port)).isConnected());
                    t.value(
                            "null name",
                            () -> t.open(new Socket((String) null, port)).isConnected());
                    t.value(
                            "local",
                            () ->
                                    t.open(
                                                    new Socket(
                                                            loopback(),
                                                            port,
                                                            InetAddress.getByName("127.0.0.5"),
                                                            0))
                                            .getLocalAddress());
                    t.value(
                            "local null",
                            () -> t.open(new Socket("127.0.0.1", port, null, 0)).getLocalAddress());
                    t.value("bad port", () -> new Socket("127.0.0.1", 65536));
                    t.value("negative port", () -> new Socket("127.0.0.1", -1));
                    t.value("null address", () -> new Socket((InetAddress) null, port));
                    t.value("unknown name", () -> new Socket("x.invalid", port));
                    t.value("refused", () -> new Socket(loopback(), Net.refusing(t).getPort()));
                    t.value(
                            "not local",
                            () ->
                                    new Socket(
                                            loopback(),
                                            port,
                                            InetAddress.getByName("192.0.2.1"),
                                            0));
                });
        s.add(
                "proxies",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    Socket k = t.open(new Socket(Proxy.NO_PROXY));
                    t.call("connect", () -> k.connect(l.getLocalSocketAddress()));
                    t.value("null", () -> new Socket((Proxy) null));
                    t.value(
                            "unknown type",
                            () ->
                                    new Socket(
                                            new Proxy(
                                                    Proxy.Type.HTTP,
                                                    InetSocketAddress.createUnresolved(
                                                            "x.invalid", 80))));
                    Socket socks =
                            t.open(
                                    new Socket(
                                            new Proxy(
                                                    Proxy.Type.SOCKS, l.getLocalSocketAddress())));
                    var connect =
                            t.blockedIn(
                                    "connect",
                                    () ->
                                            socks.connect(
                                                    new InetSocketAddress("192.0.2.7", 99), 3000));
                    k.close();
                    l.accept().close();
                    Socket proxy = t.open(l.accept());
                    t.value("version", () -> proxy.getInputStream().readNBytes(3));
                    proxy.getOutputStream().write(new byte[] {5, 0});
                    t.value(
                            "request",
                            () -> java.util.Arrays.toString(proxy.getInputStream().readNBytes(10)));
                    proxy.getOutputStream()
                            .write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 80, 'h', 'i'});
                    connect.end();
                    t.value("read", () -> socks.getInputStream().readNBytes(2));
                    t.say("remote", socks.getRemoteSocketAddress());
                });
        s.add(
                "http proxy",
                t -> {
                    ServerSocket l = Net.listenSocket(t);
                    Socket k =
                            t.open(
                                    new Socket(
                                            new Proxy(Proxy.Type.HTTP, l.getLocalSocketAddress())));
                    var connect =
                            t.blockedIn(
                                    "connect",
                                    () -> k.connect(new InetSocketAddress("192.0.2.7", 99), 3000));
                    Socket proxy = t.open(l.accept());
                    t.value(
                            "request",
                            () ->
                                    new String(
                                            proxy.getInputStream().readNBytes(10),
                                            StandardCharsets.ISO_8859_1));
                    proxy.getOutputStream().write(bytes("HTTP/1.1 200 OK\r\n\r\n"));
                    connect.end();
                    t.say("remote", k.getRemoteSocketAddress());
                });
        s.add(
                "factories",
                t -> {
                    ServerSocket l =
                            t.open(
                                    ServerSocketFactory.getDefault()
                                            .createServerSocket(0, 5, loopback()));
                    Socket k =
                            t.open(
                                    SocketFactory.getDefault()
                                            .createSocket(loopback(), l.getLocalPort()));
                    t.say("connected", k.isConnected());
                    t.value(
                            "unconnected",
                            () -> t.open(SocketFactory.getDefault().createSocket()).isConnected());
                    t.value(
                            "unbound",
                            () ->
                                    t.open(ServerSocketFactory.getDefault().createServerSocket())
                                            .isBound());
                });
    }

    private static void reading(Suite s) {
        s.both(
                "streams",
                t -> {
                    Sockets p = Net.sockets(t);
                    OutputStream out = p.client().getOutputStream();
                    InputStream in = p.server().getInputStream();
                    out.write(300);
                    out.write(bytes("abcdef"), 1, 3);
                    out.write(bytes(""));
                    t.until("there", () -> in.available() == 4);
                    t.value("read", in::read);
                    byte[] b = new byte[8];
                    t.value("part", () -> in.read(b, 1, 2));
                    t.value("none", () -> in.read(b, 3, 0));
                    t.value("rest", () -> in.read(b));
                    t.say("bytes", b);
                    t.value("bad", () -> in.read(b, 5, 4));
                    t.value("negative", () -> in.read(b, 5, -1));
                    t.call("bad", () -> out.write(b, 5, 4));
                    t.value("null", () -> in.read(null, 0, 1));
                    t.value("skip none", () -> in.skip(0));
                    out.write(bytes("0123456789"));
                    t.value("skip", () -> in.skip(4));
                    t.value("mark", in::markSupported);
                    t.call("reset", in::reset);
                    t.call("flush", out::flush);
                    p.client().close();
                    t.value("all", in::readAllBytes);
                    t.value("end", in::read);
                    t.value("end", () -> in.read(b));
                    t.value("end, none", () -> in.read(b, 0, 0));
                    t.value("available", in::available);
                    t.value("skip", () -> in.skip(4));
                });
        s.both(
                "large",
                t -> {
                    Sockets p = Net.sockets(t);
                    byte[] b = new byte[3_000_000];
                    new java.util.Random(5).nextBytes(b);
                    var write =
                            t.started(
                                    "write",
                                    () -> {
                                        p.client().getOutputStream().write(b);
                                        p.client().shutdownOutput();
                                        return "done";
                                    });
                    byte[] got = p.server().getInputStream().readAllBytes();
                    write.end();
                    t.say("same", java.util.Arrays.equals(b, got));
                });
        s.both(
                "time-out",
                t -> {
                    Sockets p = Net.sockets(t);
                    InputStream in = p.server().getInputStream();
                    t.say("none", p.server().getSoTimeout());
                    p.server().setSoTimeout(50);
                    t.value("read", in::read);
                    t.value("again", () -> in.read(new byte[3]));
                    t.say("open", p.server().isClosed());
                    p.client().getOutputStream().write(bytes("x"));
                    t.value("read", in::read);
                    t.call("negative", () -> p.server().setSoTimeout(-1));
                    p.server().setSoTimeout(0);
                    var read = t.blocked("read", in::read);
                    read.stillWaits();
                    p.client().getOutputStream().write(bytes("y"));
                    read.end();
                    p.server().setSoTimeout(3000);
                    p.client().close();
                    t.value("end", in::read);
                });
        s.add(
                "time-out, message",
                t -> {
                    Sockets p = Net.sockets(t);
                    p.server().setSoTimeout(20);
                    t.call(
                            "read",
                            () -> {
                                try {
                                    p.server().getInputStream().read();
                                } catch (java.net.SocketTimeoutException e) {
                                    t.say("transferred", e.bytesTransferred);
                                    throw e;
                                }
                            });
                });
    }
}
