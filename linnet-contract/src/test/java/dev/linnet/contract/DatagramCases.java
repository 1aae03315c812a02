package dev.linnet.contract;

import static dev.linnet.contract.Net.any;
import static dev.linnet.contract.Net.bytes;
import static dev.linnet.contract.Net.text;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// Datagram channels.
final class DatagramCases {
    private DatagramCases() {}

    static void addTo(Suite s) {
        states(s);
        binding(s);
        transfer(s);
        buffers(s);
        connected(s);
        empty(s);
        errors(s);
        waiting(s);
    }

    private static void states(Suite s) {
        s.add(
                "fresh",
                t -> {
                    DatagramChannel d = t.open(DatagramChannel.open());
                    t.say("text", d);
                    t.say("open", d.isOpen() + " " + d.isBlocking() + " " + d.isConnected());
                    t.say("validOps", d.validOps());
                    t.value("local", d::getLocalAddress);
                    t.value("remote", d::getRemoteAddress);
                    t.value("read", () -> d.read(ByteBuffer.allocate(1)));
                    t.value("write", () -> d.write(bytes("x")));
                    t.value("scatter", () -> d.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
                    t.value("gather", () -> d.write(new ByteBuffer[] {bytes("x")}));
                    t.value("disconnect", () -> d.disconnect() == d);
                    t.say("local", d.getLocalAddress());
                    d.configureBlocking(false);
                    t.value("receive", () -> d.receive(ByteBuffer.allocate(1)));
                    t.say("local", d.getLocalAddress() != null);
                });
        s.add(
                "closed",
                t -> {
                    DatagramChannel d = Net.datagram(t);
                    SocketAddress self = d.getLocalAddress();
                    d.close();
                    t.say("text", d);
                    t.value("local", d::getLocalAddress);
                    t.value("remote", d::getRemoteAddress);
                    t.value("read", () -> d.read(ByteBuffer.allocate(1)));
                    t.value("write", () -> d.write(bytes("x")));
                    t.value("receive", () -> d.receive(ByteBuffer.allocate(1)));
                    t.value("send", () -> d.send(bytes("x"), self));
                    t.value("bind", () -> d.bind(any()));
                    t.value("connect", () -> d.connect(self));
                    t.value("disconnect", () -> d.disconnect() == d);
                    t.value("option", () -> d.getOption(StandardSocketOptions.SO_RCVBUF));
                    t.value("set", () -> d.setOption(StandardSocketOptions.SO_RCVBUF, 1000));
                    t.say("connected", d.isConnected());
                    t.value("socket", () -> d.socket().isClosed());
                });
        s.add(
                "families",
                t -> {
                    t.value(
                            "inet",
                            () ->
                                    t.open(DatagramChannel.open(StandardProtocolFamily.INET))
                                            .bind(null)
                                            .getLocalAddress());
                    t.value(
                            "inet6",
                            () ->
                                    t.open(DatagramChannel.open(StandardProtocolFamily.INET6))
                                            .bind(null)
                                            .getLocalAddress());
                    t.value("unix", () -> DatagramChannel.open(StandardProtocolFamily.UNIX));
                    t.value("other", () -> DatagramChannel.open(() -> "OTHER"));
                    t.value("null", () -> DatagramChannel.open(null));
                    DatagramChannel d = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
                    t.value("bind v6", () -> d.bind(new InetSocketAddress("::1", 0)));
                    t.value("send v6", () -> d.send(bytes("x"), new InetSocketAddress("::1", 9)));
                    t.value("connect v6", () -> d.connect(new InetSocketAddress("::1", 9)));
                });
    }

    private static void binding(Suite s) {
        s.add(
                "bind",
                t -> {
                    DatagramChannel d = t.open(DatagramChannel.open());
                    t.value("bind", () -> d.bind(any()) == d);
                    t.say("local", d.getLocalAddress());
                    t.say("text", d);
                    t.value("again", () -> d.bind(any()));
                    DatagramChannel e = t.open(DatagramChannel.open());
                    t.value("in use", () -> e.bind(d.getLocalAddress()));
                    t.value("not local", () -> e.bind(new InetSocketAddress("192.0.2.1", 0)));
                    t.value(
                            "unresolved",
                            () -> e.bind(InetSocketAddress.createUnresolved("x.invalid", 0)));
                    t.value("type", () -> e.bind(new SocketAddress() {}));
                    t.value("null", () -> e.bind(null).getLocalAddress());
                    DatagramChannel f = t.open(DatagramChannel.open());
                    t.value(
                            "multicast",
                            () -> f.bind(new InetSocketAddress("224.1.2.3", 0)).getLocalAddress());
                });
        s.add(
                "reuse address",
                t -> {
                    DatagramChannel d = t.open(DatagramChannel.open());
                    d.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(any());
                    DatagramChannel e = t.open(DatagramChannel.open());
                    t.value("without", () -> e.bind(d.getLocalAddress()));
                    e.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    t.value("with", () -> e.bind(d.getLocalAddress()).getLocalAddress());
                });
        s.add(
                "reuse port",
                t -> {
                    DatagramChannel d = t.open(DatagramChannel.open());
                    d.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(any());
                    DatagramChannel e = t.open(DatagramChannel.open());
                    e.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    t.value("address only", () -> e.bind(d.getLocalAddress()).getLocalAddress());
                    DatagramChannel f = t.open(DatagramChannel.open());
                    f.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                    t.value("port", () -> f.bind(d.getLocalAddress()).getLocalAddress());
                });
    }

    private static void transfer(Suite s) {
        s.both(
                "send and receive",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    t.say("send", a.send(bytes("hello"), b.getLocalAddress()));
                    t.say("send none", a.send(bytes(""), b.getLocalAddress()));
                    t.say("send more", a.send(bytes("truncated").position(1), b.getLocalAddress()));
                    ByteBuffer in = ByteBuffer.allocate(6);
                    t.say("from", b.receive(in).equals(a.getLocalAddress()));
                    t.say("text", text(in));
                    in.clear();
                    t.say("from", b.receive(in).equals(a.getLocalAddress()));
                    t.say("empty", in);
                    t.say("from", b.receive(in).equals(a.getLocalAddress()));
                    t.say("text", text(in));
                    b.configureBlocking(false);
                    t.say("no more", b.receive(in));
                    in.clear().limit(0);
                    t.say("no room, nothing", b.receive(in));
                    a.send(bytes("z"), b.getLocalAddress());
                    t.say("no room", b.receive(in) != null);
                    t.say("gone", b.receive(ByteBuffer.allocate(3)));
                });
        s.add(
                "direct buffers",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    ByteBuffer out =
                            ByteBuffer.allocateDirect(20)
                                    .put(bytes("0123456789"))
                                    .flip()
                                    .position(3);
                    t.say("send", a.send(out, b.getLocalAddress()));
                    t.say("buffer", out);
                    ByteBuffer in = ByteBuffer.allocateDirect(20).position(5);
                    t.say("from", b.receive(in) != null);
                    t.say("buffer", in);
                    ByteBuffer small = ByteBuffer.allocateDirect(4);
                    a.send(bytes("longer"), b.getLocalAddress());
                    b.receive(small);
                    t.say("text", text(small));
                });
        s.add(
                "sender is bound",
                t -> {
                    DatagramChannel a = t.open(DatagramChannel.open());
                    DatagramChannel b = Net.datagram(t);
                    t.say("local", a.getLocalAddress());
                    a.send(bytes("x"), b.getLocalAddress());
                    t.say("local", ((InetSocketAddress) a.getLocalAddress()).getAddress());
                    InetSocketAddress from = (InetSocketAddress) b.receive(ByteBuffer.allocate(2));
                    t.say("from", from.getAddress());
                    t.say(
                            "port",
                            from.getPort() == ((InetSocketAddress) a.getLocalAddress()).getPort());
                    a.close();
                    DatagramChannel c = t.open(DatagramChannel.open());
                    c.connect(b.getLocalAddress());
                    t.say("connected from", ((InetSocketAddress) c.getLocalAddress()).getAddress());
                });
        s.add(
                "sizes",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    t.value("65507", () -> a.send(ByteBuffer.allocate(65507), b.getLocalAddress()));
                    ByteBuffer in = ByteBuffer.allocate(70000);
                    b.receive(in);
                    t.say("got", in);
                    t.value("65508", () -> a.send(ByteBuffer.allocate(65508), b.getLocalAddress()));
                    t.value(
                            "100000",
                            () -> a.send(ByteBuffer.allocateDirect(100000), b.getLocalAddress()));
                    a.connect(b.getLocalAddress());
                    t.value("write", () -> a.write(ByteBuffer.allocate(65508)));
                    t.value(
                            "gather",
                            () ->
                                    a.write(
                                            new ByteBuffer[] {
                                                ByteBuffer.allocate(65000), ByteBuffer.allocate(508)
                                            }));
                });
        s.add(
                "IPv6",
                t -> {
                    DatagramChannel a = t.open(DatagramChannel.open());
                    if (t.value(
                                    "bind",
                                    () -> a.bind(new InetSocketAddress("::1", 0)).getLocalAddress())
                            == null) {
                        return;
                    }
                    DatagramChannel b = t.open(DatagramChannel.open());
                    t.value("send", () -> b.send(bytes("six"), a.getLocalAddress()));
                    ByteBuffer in = ByteBuffer.allocate(5);
                    t.value("from", () -> ((InetSocketAddress) a.receive(in)).getAddress());
                    t.say("text", text(in));
                    t.value("to v4", () -> a.send(bytes("x"), any()));
                    t.value(
                            "to v4",
                            () -> a.send(bytes("x"), new InetSocketAddress("127.0.0.1", 9)));
                    DatagramChannel c = t.open(DatagramChannel.open());
                    c.bind(null);
                    int port = ((InetSocketAddress) c.getLocalAddress()).getPort();
                    b.send(bytes("a"), new InetSocketAddress("127.0.0.1", port));
                    t.say("v4", ((InetSocketAddress) c.receive(in.clear())).getAddress());
                    b.send(bytes("a"), new InetSocketAddress("::1", port));
                    t.say("v6", ((InetSocketAddress) c.receive(in.clear())).getAddress());
                    b.send(bytes("a"), new InetSocketAddress("0.0.0.0", port));
                    t.say("any", ((InetSocketAddress) c.receive(in.clear())).getAddress());
                });
    }

    private static void buffers(Suite s) {
        s.add(
                "bad buffers",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    SocketAddress self = a.getLocalAddress();
                    t.value("receive null", () -> a.receive(null));
                    t.value("receive read only", () -> a.receive(bytes("x").asReadOnlyBuffer()));
                    t.value("send null", () -> a.send(null, self));
                    t.value("send to null", () -> a.send(bytes("x"), null));
                    t.value("send to type", () -> a.send(bytes("x"), new SocketAddress() {}));
                    t.value(
                            "send unresolved",
                            () ->
                                    a.send(
                                            bytes("x"),
                                            InetSocketAddress.createUnresolved("x.invalid", 1)));
                    t.value("send port 0", () -> a.send(bytes("x"), any()));
                    a.connect(self);
                    t.value("read read only", () -> a.read(bytes("x").asReadOnlyBuffer()));
                    t.value("read null", () -> a.read((ByteBuffer) null));
                    t.value("write null", () -> a.write((ByteBuffer) null));
                    t.value("offset", () -> a.read(new ByteBuffer[2], 1, 2));
                    t.value("write offset", () -> a.write(new ByteBuffer[2], 3, 1));
                    t.value("write read only", () -> a.write(bytes("self").asReadOnlyBuffer()));
                    ByteBuffer in = ByteBuffer.allocate(10);
                    t.value("read", () -> a.read(in));
                });
        s.add(
                "gather and scatter",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    a.connect(a.getLocalAddress());
                    ByteBuffer[] out = {bytes("ab"), bytes(""), bytes("cd"), bytes("ef")};
                    t.say("write", a.write(out, 0, 3));
                    t.say("buffers", out);
                    ByteBuffer[] in = {
                        ByteBuffer.allocate(1), ByteBuffer.allocateDirect(2), ByteBuffer.allocate(9)
                    };
                    t.say("read", a.read(in));
                    t.say("buffers", in);
                    a.write(bytes("truncated"));
                    ByteBuffer[] small = {ByteBuffer.allocate(1), ByteBuffer.allocate(2)};
                    t.say("read", a.read(small));
                    a.configureBlocking(false);
                    t.say("nothing", a.read(small));
                    t.say("nothing", a.read(ByteBuffer.allocate(1)));
                    t.say("no room, nothing", a.read(ByteBuffer.allocate(0)));
                    a.write(bytes("x"));
                    t.say("no room", a.read(ByteBuffer.allocate(0)));
                    t.say("left", a.read(ByteBuffer.allocate(4)));
                    t.say("empty", a.write(bytes("")));
                    t.say("empty", a.read(ByteBuffer.allocate(4)));
                });
    }

    private static void connected(Suite s) {
        s.add(
                "connect",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    DatagramChannel c = Net.datagram(t);
                    t.say("connect", a.connect(b.getLocalAddress()) == a);
                    t.say("text", a);
                    t.say("connected", a.isConnected());
                    t.say("remote", a.getRemoteAddress());
                    t.value("again", () -> a.connect(c.getLocalAddress()));
                    t.value("same again", () -> a.connect(b.getLocalAddress()));
                    t.value("send to peer", () -> a.send(bytes("x"), b.getLocalAddress()));
                    t.value("send to another", () -> a.send(bytes("x"), c.getLocalAddress()));
                    b.receive(ByteBuffer.allocate(2));
                    c.send(bytes("stranger"), a.getLocalAddress());
                    b.send(bytes("peer"), a.getLocalAddress());
                    ByteBuffer in = ByteBuffer.allocate(10);
                    t.say("read", a.read(in));
                    b.send(bytes("peer"), a.getLocalAddress());
                    t.say("receive", a.receive(in.clear()).equals(b.getLocalAddress()));
                    t.say("disconnect", a.disconnect() == a);
                    t.say("text", a);
                    t.say("remote", a.getRemoteAddress());
                    t.value("read", () -> a.read(in));
                    c.send(bytes("not a stranger"), a.getLocalAddress());
                    t.say("receive", a.receive(in.clear()).equals(c.getLocalAddress()));
                    t.say("text", text(in));
                    t.value("connect", () -> a.connect(c.getLocalAddress()).isConnected());
                });
        s.add(
                "connect, queued datagrams",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    b.send(bytes("early"), a.getLocalAddress());
                    b.send(bytes("early too"), a.getLocalAddress());
                    DatagramChannel c = Net.datagram(t);
                    a.connect(c.getLocalAddress());
                    a.configureBlocking(false);
                    t.say("read", a.read(ByteBuffer.allocate(10)));
                });
        s.add(
                "connect, wildcard",
                t -> {
                    DatagramChannel a = t.open(DatagramChannel.open());
                    DatagramChannel b = t.open(DatagramChannel.open());
                    b.bind(null);
                    a.bind(null);
                    t.say("local", a.getLocalAddress());
                    int port = ((InetSocketAddress) b.getLocalAddress()).getPort();
                    t.value(
                            "connect",
                            () ->
                                    a.connect(new InetSocketAddress("127.0.0.1", port))
                                            .getLocalAddress());
                    t.say("remote", a.getRemoteAddress());
                    a.disconnect();
                    t.say("local", a.getLocalAddress());
                    t.value(
                            "connect any",
                            () -> a.connect(new InetSocketAddress(port)).getRemoteAddress());
                    t.value("local", a::getLocalAddress);
                    a.disconnect();
                    t.value("local", a::getLocalAddress);
                });
        s.add(
                "connect, bad",
                t -> {
                    DatagramChannel a = t.open(DatagramChannel.open());
                    t.value("null", () -> a.connect(null));
                    t.value("type", () -> a.connect(new SocketAddress() {}));
                    t.value(
                            "unresolved",
                            () -> a.connect(InetSocketAddress.createUnresolved("x.invalid", 1)));
                    t.value(
                            "broadcast",
                            () -> a.connect(new InetSocketAddress("255.255.255.255", 9)));
                    t.value(
                            "unreachable",
                            () ->
                                    a.connect(new InetSocketAddress("192.0.2.1", 9))
                                            .getLocalAddress());
                    t.value("port 0", () -> a.connect(any()).getRemoteAddress());
                    t.value("write", () -> a.write(bytes("x")));
                });
    }

    private static void empty(Suite s) {
        s.add(
                "empty datagrams",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    b.configureBlocking(false);
                    t.say("send", a.send(bytes(""), b.getLocalAddress()));
                    t.moment();
                    t.say("receive", b.receive(ByteBuffer.allocate(1)) != null);
                    a.connect(b.getLocalAddress());
                    t.say("send", a.send(bytes(""), b.getLocalAddress()));
                    t.say("write", a.write(bytes("")));
                    t.say("gather", a.write(new ByteBuffer[] {bytes(""), bytes("")}));
                    t.moment();
                    t.say("receive", b.receive(ByteBuffer.allocate(1)) != null);
                    b.connect(a.getLocalAddress());
                    a.disconnect();
                    a.send(bytes(""), b.getLocalAddress());
                    a.send(bytes(""), b.getLocalAddress());
                    t.moment();
                    t.say("read", b.read(ByteBuffer.allocate(1)));
                    t.say("scatter", b.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
                    t.say("nothing", b.read(ByteBuffer.allocate(1)));
                    a.connect(b.getLocalAddress());
                    t.value(
                            "too large",
                            () -> a.send(ByteBuffer.allocate(70_000), b.getLocalAddress()));
                    a.close();
                    t.say("connected", a.isConnected());
                });
    }

    private static void errors(Suite s) {
        s.add(
                "port unreachable",
                t -> {
                    DatagramChannel gone = Net.datagram(t);
                    SocketAddress at = gone.getLocalAddress();
                    DatagramChannel a = Net.datagram(t);
                    a.connect(at);
                    gone.close();
                    t.value("write", () -> a.write(bytes("x")));
                    t.moment();
                    t.value("read", () -> a.read(ByteBuffer.allocate(1)));
                    t.value("write", () -> a.write(bytes("x")));
                    t.moment();
                    t.value("write", () -> a.write(bytes("x")));
                    t.moment();
                    a.configureBlocking(false);
                    t.value("receive", () -> a.receive(ByteBuffer.allocate(1)));
                    t.value("write", () -> a.write(bytes("x")));
                    t.moment();
                    t.value("receive", () -> a.receive(ByteBuffer.allocate(1)));
                    t.value("receive", () -> a.receive(ByteBuffer.allocate(1)));
                    t.value("write", () -> a.write(bytes("x")));
                    t.moment();
                    t.value("send", () -> a.send(bytes("x"), at));
                    t.say("open", a.isOpen() + " " + a.isConnected());
                });
        s.both(
                "port unreachable while reading",
                t -> {
                    DatagramChannel gone = Net.datagram(t);
                    DatagramChannel a = Net.datagram(t);
                    a.connect(gone.getLocalAddress());
                    gone.close();
                    var read = t.blocked("read", () -> a.read(ByteBuffer.allocate(1)));
                    a.write(bytes("x"));
                    read.end();
                });
        s.add(
                "unreachable, not connected",
                t -> {
                    DatagramChannel gone = Net.datagram(t);
                    SocketAddress at = gone.getLocalAddress();
                    gone.close();
                    DatagramChannel a = Net.datagram(t);
                    t.value("send", () -> a.send(bytes("x"), at));
                    t.moment();
                    t.value("send", () -> a.send(bytes("x"), at));
                    a.configureBlocking(false);
                    t.value("receive", () -> a.receive(ByteBuffer.allocate(1)));
                    t.value(
                            "no route",
                            () -> a.send(bytes("x"), new InetSocketAddress("192.0.2.1", 9)));
                    t.value(
                            "broadcast",
                            () -> a.send(bytes("x"), new InetSocketAddress("255.255.255.255", 9)));
                    DatagramChannel b = t.open(DatagramChannel.open());
                    t.value(
                            "no route",
                            () -> b.send(bytes("x"), new InetSocketAddress("192.0.2.1", 9)));
                    t.value(
                            "subnet broadcast",
                            () -> b.send(bytes("x"), new InetSocketAddress("10.0.0.255", 9)));
                    b.setOption(StandardSocketOptions.SO_BROADCAST, true);
                    t.value(
                            "allowed",
                            () -> b.send(bytes("x"), new InetSocketAddress("10.0.0.255", 9)));
                });
    }

    private static void waiting(Suite s) {
        s.both(
                "receive waits",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    ByteBuffer in = ByteBuffer.allocate(10);
                    var receive = t.blocked("receive", () -> a.receive(in));
                    receive.stillWaits();
                    b.send(bytes("woken"), a.getLocalAddress());
                    receive.end();
                    t.say("text", text(in));
                });
        s.both(
                "send while receiving",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    var receive =
                            t.blocked("receive", () -> a.receive(ByteBuffer.allocate(10)) != null);
                    t.say("send", a.send(bytes("other way"), b.getLocalAddress()));
                    receive.stillWaits();
                    b.send(bytes("woken"), a.getLocalAddress());
                    receive.end();
                });
        s.both(
                "receive, unbound",
                t -> {
                    DatagramChannel a = t.open(DatagramChannel.open());
                    var receive = t.blocked("receive", () -> a.receive(ByteBuffer.allocate(10)));
                    receive.stillWaits();
                    t.say("local", ((InetSocketAddress) a.getLocalAddress()).getAddress());
                    a.close();
                    receive.end();
                });
        s.both(
                "disconnect waits for the reader",
                t -> {
                    DatagramChannel a = Net.datagram(t);
                    DatagramChannel b = Net.datagram(t);
                    a.connect(b.getLocalAddress());
                    var read = t.blocked("read", () -> a.read(ByteBuffer.allocate(10)));
                    var disconnect = t.blocked("disconnect", () -> a.disconnect().isConnected());
                    disconnect.stillWaits();
                    b.send(bytes("x"), a.getLocalAddress());
                    read.end();
                    disconnect.end();
                });
    }
}
