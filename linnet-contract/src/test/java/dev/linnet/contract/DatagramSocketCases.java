package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.loopback;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/// `java.net.DatagramSocket`.
final class DatagramSocketCases {
    private DatagramSocketCases() {}

    static void addTo(Suite s) {
        states(s);
        closedConnected(s);
        constructors(s);
        transfer(s);
        connected(s);
        waiting(s);
        options(s);
    }

    private static DatagramSocket open(Trace t) throws Exception {
        return t.open(new DatagramSocket(0, loopback()));
    }

    private static DatagramPacket packet(String text, SocketAddress to) {
        byte[] b = text.getBytes(StandardCharsets.ISO_8859_1);
        return new DatagramPacket(b, b.length, to);
    }

    private static DatagramPacket room(int n) {
        return new DatagramPacket(new byte[n], n);
    }

    private static String text(DatagramPacket p) {
        return new String(p.getData(), p.getOffset(), p.getLength(), StandardCharsets.ISO_8859_1);
    }

    private static void all(Trace t, DatagramSocket d) {
        t.say("states", d.isBound() + " " + d.isConnected() + " " + d.isClosed());
        t.say("ports", t.port(d.getPort()) + " " + t.port(d.getLocalPort()));
        t.say("address", d.getInetAddress());
        t.say("local", d.getLocalAddress());
        t.say("remote", d.getRemoteSocketAddress());
        t.say("local address", d.getLocalSocketAddress());
        t.say("channel", d.getChannel());
    }

    private static void states(Suite s) {
        s.add(
                "unbound",
                t -> {
                    DatagramSocket d = t.open(new DatagramSocket(null));
                    all(t, d);
                    t.call(
                            "receive",
                            () -> {
                                d.setSoTimeout(20);
                                d.receive(room(1));
                            });
                    t.say("bound", d.isBound());
                });
        s.add(
                "bound",
                t -> {
                    DatagramSocket d = t.open(new DatagramSocket(null));
                    t.call("bind", () -> d.bind(any()));
                    all(t, d);
                    t.call("again", () -> d.bind(any()));
                    DatagramSocket e = t.open(new DatagramSocket(null));
                    t.call("in use", () -> e.bind(d.getLocalSocketAddress()));
                    t.call("not local", () -> e.bind(new InetSocketAddress("192.0.2.1", 0)));
                    t.call(
                            "unresolved",
                            () -> e.bind(InetSocketAddress.createUnresolved("x.invalid", 0)));
                    t.call("type", () -> e.bind(new SocketAddress() {}));
                    t.call("null", () -> e.bind(null));
                    all(t, e);
                });
        s.add(
                "closed",
                t -> {
                    DatagramSocket d = open(t);
                    d.close();
                    d.close();
                    all(t, d);
                    t.call("receive", () -> d.receive(room(1)));
                    t.call("send", () -> d.send(packet("x", any())));
                    t.call(
                            "send to",
                            () -> d.send(packet("x", new InetSocketAddress("127.0.0.1", 9))));
                    t.call("bind", () -> d.bind(any()));
                    t.call("connect", () -> d.connect(loopback(), 9));
                    t.call(
                            "connect address",
                            () -> d.connect(new InetSocketAddress("127.0.0.1", 9)));
                    t.call("disconnect", d::disconnect);
                    t.value("timeout", d::getSoTimeout);
                    t.call("timeout", () -> d.setSoTimeout(1));
                    t.value("rcvbuf", d::getReceiveBufferSize);
                    t.value("reuse", d::getReuseAddress);
                    t.value("class", d::getTrafficClass);
                });
    }

    private static void closedConnected(Suite s) {
        s.add(
                "connected, then closed",
                t -> {
                    DatagramSocket d = open(t);
                    d.connect(open(t).getLocalSocketAddress());
                    t.call("empty", () -> d.send(new DatagramPacket(new byte[0], 0)));
                    d.close();
                    all(t, d);
                    t.call("disconnect", d::disconnect);
                    all(t, d);
                });
    }

    private static void constructors(Suite s) {
        s.add(
                "constructors",
                t -> {
                    t.value("any", () -> t.open(new DatagramSocket()).getLocalSocketAddress());
                    t.value("port", () -> t.open(new DatagramSocket(0)).getLocalAddress());
                    t.value(
                            "address",
                            () -> t.open(new DatagramSocket(0, loopback())).getLocalAddress());
                    t.value(
                            "null address",
                            () -> t.open(new DatagramSocket(0, null)).getLocalAddress());
                    t.value(
                            "socket address",
                            () -> t.open(new DatagramSocket(any())).getLocalAddress());
                    t.value("negative", () -> new DatagramSocket(-1));
                    t.value("too large", () -> new DatagramSocket(65536));
                    t.value(
                            "not local",
                            () -> new DatagramSocket(0, InetAddress.getByName("192.0.2.1")));
                    t.value("reuse", () -> t.open(new DatagramSocket()).getReuseAddress());
                    t.value(
                            "multicast reuse",
                            () -> t.open(new MulticastSocket()).getReuseAddress());
                    DatagramSocket d = open(t);
                    t.value("in use", () -> new DatagramSocket(d.getLocalPort(), loopback()));
                    t.value("wildcard in use", () -> new DatagramSocket(d.getLocalPort()));
                });
    }

    private static void transfer(Suite s) {
        s.both(
                "send and receive",
                t -> {
                    DatagramSocket a = open(t);
                    DatagramSocket b = open(t);
                    a.send(packet("hello", b.getLocalSocketAddress()));
                    DatagramPacket p = room(10);
                    b.receive(p);
                    t.say("text", text(p));
                    t.say("from", p.getSocketAddress());
                    t.say("same", p.getSocketAddress().equals(a.getLocalSocketAddress()));
                    a.send(packet("long enough", b.getLocalSocketAddress()));
                    b.receive(p);
                    t.say("grows", text(p));
                    p.setLength(3);
                    a.send(packet("abcdef", b.getLocalSocketAddress()));
                    b.receive(p);
                    t.say("truncated", text(p));
                    a.send(packet("", b.getLocalSocketAddress()));
                    b.receive(p);
                    t.say("empty", p.getLength());
                    DatagramPacket part = new DatagramPacket(new byte[20], 5, 4);
                    a.send(packet("offsets", b.getLocalSocketAddress()));
                    b.receive(part);
                    t.say("part", text(part) + " " + part.getOffset());
                    b.setSoTimeout(20);
                    t.call("no more", () -> b.receive(p));
                    t.say("kept", p.getLength());
                });
        s.add(
                "send, bad",
                t -> {
                    DatagramSocket d = open(t);
                    t.call("no address", () -> d.send(new DatagramPacket(new byte[1], 1)));
                    t.call("null", () -> d.send(null));
                    t.call("port 0", () -> d.send(packet("x", any())));
                    t.call(
                            "unresolved",
                            () ->
                                    d.send(
                                            packet(
                                                    "x",
                                                    InetSocketAddress.createUnresolved(
                                                            "x.invalid", 5))));
                    t.call(
                            "too large",
                            () ->
                                    d.send(
                                            new DatagramPacket(
                                                    new byte[65508],
                                                    65508,
                                                    new InetSocketAddress("127.0.0.1", 9))));
                    t.call(
                            "unreachable",
                            () -> d.send(packet("x", new InetSocketAddress("192.0.2.1", 9))));
                    DatagramSocket e = t.open(new DatagramSocket());
                    t.call(
                            "unreachable",
                            () -> e.send(packet("x", new InetSocketAddress("192.0.2.1", 9))));
                    t.say("broadcast", e.getBroadcast());
                    t.call(
                            "broadcast",
                            () -> e.send(packet("x", new InetSocketAddress("10.0.0.255", 9))));
                    e.setBroadcast(false);
                    t.call(
                            "forbidden",
                            () -> e.send(packet("x", new InetSocketAddress("10.0.0.255", 9))));
                    t.call("receive null", () -> d.receive(null));
                });
        s.add(
                "IPv6",
                t -> {
                    DatagramSocket d = t.open(new DatagramSocket(null));
                    if (t.call("bind", () -> d.bind(new InetSocketAddress("::1", 0)))) {
                        DatagramSocket e = t.open(new DatagramSocket());
                        t.call("send", () -> e.send(packet("six", d.getLocalSocketAddress())));
                        DatagramPacket p = room(9);
                        t.call("receive", () -> d.receive(p));
                        t.say("from", p.getAddress());
                        all(t, d);
                    }
                });
    }

    private static void connected(Suite s) {
        s.add(
                "connect",
                t -> {
                    DatagramSocket a = open(t);
                    DatagramSocket b = open(t);
                    DatagramSocket c = open(t);
                    a.connect(b.getLocalSocketAddress());
                    all(t, a);
                    t.call("send", () -> a.send(new DatagramPacket(new byte[2], 2)));
                    DatagramPacket p = room(9);
                    b.receive(p);
                    t.say("got", p.getLength());
                    t.call("to another", () -> a.send(packet("x", c.getLocalSocketAddress())));
                    c.send(packet("stranger", a.getLocalSocketAddress()));
                    b.send(packet("friend", a.getLocalSocketAddress()));
                    a.receive(p);
                    t.say("from", text(p));
                    t.call("again", () -> a.connect(c.getLocalSocketAddress()));
                    t.say("remote", a.getRemoteSocketAddress());
                    a.disconnect();
                    a.disconnect();
                    all(t, a);
                    c.send(packet("welcome", a.getLocalSocketAddress()));
                    a.receive(room(9));
                });
        s.add(
                "connect, bad",
                t -> {
                    DatagramSocket d = open(t);
                    t.call("null", () -> d.connect(null, 5));
                    t.call("null address", () -> d.connect(null));
                    t.call("bad port", () -> d.connect(loopback(), -1));
                    t.call("port 0", () -> d.connect(any()));
                    t.call("type", () -> d.connect(new SocketAddress() {}));
                    t.call(
                            "unresolved",
                            () -> d.connect(InetSocketAddress.createUnresolved("x.invalid", 5)));
                    t.say("connected", d.isConnected());
                });
        s.add(
                "connect, queued",
                t -> {
                    DatagramSocket a = open(t);
                    DatagramSocket b = open(t);
                    DatagramSocket c = open(t);
                    c.send(packet("early", a.getLocalSocketAddress()));
                    b.send(packet("friend", a.getLocalSocketAddress()));
                    a.connect(b.getLocalSocketAddress());
                    a.setSoTimeout(60);
                    DatagramPacket p = room(9);
                    t.call("receive", () -> a.receive(p));
                    t.call("receive", () -> a.receive(p));
                });
        s.add(
                "port unreachable",
                t -> {
                    DatagramSocket gone = open(t);
                    DatagramSocket a = open(t);
                    a.connect(gone.getLocalSocketAddress());
                    gone.close();
                    t.call("send", () -> a.send(new DatagramPacket(new byte[2], 2)));
                    a.setSoTimeout(500);
                    t.call("receive", () -> a.receive(room(3)));
                    t.call("send", () -> a.send(new DatagramPacket(new byte[2], 2)));
                    t.moment();
                    t.call("send", () -> a.send(new DatagramPacket(new byte[2], 2)));
                });
    }

    private static void waiting(Suite s) {
        s.both(
                "time-out",
                t -> {
                    DatagramSocket d = open(t);
                    d.setSoTimeout(40);
                    t.value("timeout", d::getSoTimeout);
                    t.call("receive", () -> d.receive(room(3)));
                    t.call("negative", () -> d.setSoTimeout(-1));
                    open(t).send(packet("in time", d.getLocalSocketAddress()));
                    t.call("receive", () -> d.receive(room(3)));
                });
        s.both(
                "closed while receiving",
                t -> {
                    DatagramSocket d = open(t);
                    var receive = t.blockedIn("receive", () -> d.receive(room(3)));
                    receive.stillWaits();
                    d.close();
                    receive.end();
                });
        s.both(
                "closed while receiving with a time-out",
                t -> {
                    DatagramSocket d = open(t);
                    d.setSoTimeout(60_000);
                    var receive = t.blockedIn("receive", () -> d.receive(room(3)));
                    d.close();
                    receive.end();
                });
        s.both(
                "interrupted while receiving",
                t -> {
                    DatagramSocket d = open(t);
                    DatagramSocket e = open(t);
                    var receive = t.blockedIn("receive", () -> d.receive(room(3)));
                    receive.thread().interrupt();
                    t.moment();
                    t.say("closed", d.isClosed());
                    if (!d.isClosed()) {
                        e.send(packet("x", d.getLocalSocketAddress()));
                    }
                    receive.end();
                });
        s.both(
                "received in time",
                t -> {
                    DatagramSocket d = open(t);
                    d.setSoTimeout(5000);
                    DatagramPacket p = room(9);
                    var receive = t.blockedIn("receive", () -> d.receive(p));
                    open(t).send(packet("x", d.getLocalSocketAddress()));
                    receive.end();
                    t.say("text", text(p));
                });
    }

    private static void options(Suite s) {
        s.add(
                "options",
                t -> {
                    DatagramSocket d = open(t);
                    t.value("sndbuf", d::getSendBufferSize);
                    t.value("rcvbuf", d::getReceiveBufferSize);
                    t.value(
                            "sndbuf",
                            () -> {
                                d.setSendBufferSize(20_000);
                                return d.getSendBufferSize();
                            });
                    t.value(
                            "rcvbuf",
                            () -> {
                                d.setReceiveBufferSize(20_000);
                                return d.getReceiveBufferSize();
                            });
                    t.call("sndbuf 0", () -> d.setSendBufferSize(0));
                    t.call("rcvbuf -1", () -> d.setReceiveBufferSize(-1));
                    t.value("reuse", d::getReuseAddress);
                    t.value(
                            "reuse",
                            () -> {
                                d.setReuseAddress(true);
                                return d.getReuseAddress();
                            });
                    t.value("broadcast", d::getBroadcast);
                    t.value(
                            "broadcast off",
                            () -> {
                                d.setBroadcast(false);
                                return d.getBroadcast();
                            });
                    t.value("class", d::getTrafficClass);
                    t.value(
                            "class",
                            () -> {
                                d.setTrafficClass(0x18);
                                return d.getTrafficClass();
                            });
                    t.call("class 256", () -> d.setTrafficClass(256));
                });
    }
}
