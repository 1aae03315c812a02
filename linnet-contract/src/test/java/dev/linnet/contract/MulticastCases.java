package dev.linnet.contract;

import static dev.linnet.contract.Net.bytes;
import static dev.linnet.contract.Net.text;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;

/// Multicast with datagram channels and sockets.
final class MulticastCases {
    private MulticastCases() {}

    static void addTo(Suite s) {
        keys(s);
        traffic(s);
        sources(s);
        sockets(s);
        six(s);
    }

    private static NetworkInterface lo() throws Exception {
        return NetworkInterface.getByName("lo");
    }

    private static InetAddress group(int n) throws Exception {
        return InetAddress.getByName("239.7.7." + n);
    }

    private static DatagramChannel four(Trace t) throws Exception {
        DatagramChannel d = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
        d.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return d.bind(new InetSocketAddress(0));
    }

    private static InetSocketAddress to(InetAddress group, DatagramChannel d) throws Exception {
        return new InetSocketAddress(group, ((InetSocketAddress) d.getLocalAddress()).getPort());
    }

    private static void keys(Suite s) {
        s.add(
                "key",
                t -> {
                    DatagramChannel d = four(t);
                    MembershipKey k = d.join(group(1), lo());
                    t.say("valid", k.isValid());
                    t.say("group", k.group());
                    t.say("interface", k.networkInterface().getName());
                    t.say("source", k.sourceAddress());
                    t.say("channel", k.channel() == d);
                    t.say("text", k);
                    t.say("again", d.join(group(1), lo()) == k);
                    k.drop();
                    k.drop();
                    t.say("valid", k.isValid());
                    t.say("text", k.toString().startsWith("<"));
                    t.value("block", () -> k.block(InetAddress.getByName("10.0.0.9")));
                    t.value("unblock", () -> k.unblock(InetAddress.getByName("10.0.0.9")));
                    t.say("new", d.join(group(1), lo()) != k);
                });
        s.add(
                "key of a closed channel",
                t -> {
                    DatagramChannel d = four(t);
                    MembershipKey k = d.join(group(2), lo());
                    d.close();
                    t.say("valid", k.isValid());
                    t.call("drop", k::drop);
                    t.value("block", () -> k.block(InetAddress.getByName("10.0.0.9")));
                    t.value("join", () -> d.join(group(2), lo()));
                    t.say("group", k.group());
                });
        s.add(
                "join, bad",
                t -> {
                    DatagramChannel d = four(t);
                    t.value("not multicast", () -> d.join(InetAddress.getByName("10.0.0.9"), lo()));
                    t.value("null group", () -> d.join(null, lo()));
                    t.value("null interface", () -> d.join(group(3), null));
                    t.value("null source", () -> d.join(group(3), lo(), null));
                    t.value("v6 on v4", () -> d.join(InetAddress.getByName("ff02::1:7"), lo()));
                    t.value("multicast source", () -> d.join(group(3), lo(), group(4)));
                    t.value(
                            "any source",
                            () -> d.join(group(3), lo(), InetAddress.getByName("0.0.0.0")));
                    t.value(
                            "v6 source",
                            () -> d.join(group(3), lo(), InetAddress.getByName("::1")));
                    DatagramChannel e = t.open(DatagramChannel.open());
                    t.value("unbound", () -> e.join(group(3), lo()).isValid());
                });
        s.add(
                "block and unblock",
                t -> {
                    DatagramChannel d = four(t);
                    InetAddress source = InetAddress.getByName("10.0.0.9");
                    MembershipKey k = d.join(group(5), lo());
                    t.value("unblock first", () -> k.unblock(source));
                    t.say("block", k.block(source) == k);
                    t.say("again", k.block(source) == k);
                    t.value("multicast", () -> k.block(group(6)));
                    t.value("v6", () -> k.block(InetAddress.getByName("::1")));
                    t.say("unblock", k.unblock(source) == k);
                    t.value("again", () -> k.unblock(source));
                    MembershipKey only = d.join(group(6), lo(), source);
                    t.say("source", only.sourceAddress());
                    t.value("block source", () -> only.block(source));
                    t.value("join all", () -> d.join(group(6), lo()));
                    t.value("join source", () -> d.join(group(5), lo(), source));
                    t.say("same", d.join(group(6), lo(), source) == only);
                    t.say("text", only);
                });
        s.add(
                "many groups",
                t -> {
                    DatagramChannel d = four(t);
                    t.value(
                            "joined",
                            () -> {
                                int n = 0;
                                for (int i = 20; i < 60; i++, n++) {
                                    d.join(group(i), lo());
                                }
                                return n;
                            });
                });
    }

    private static void traffic(Suite s) {
        s.add(
                "traffic",
                t -> {
                    DatagramChannel d = four(t);
                    InetAddress g = group(70);
                    d.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
                    DatagramChannel to = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
                    to.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
                    d.configureBlocking(false);
                    t.value("before", () -> to.send(bytes("no"), to(g, d)));
                    t.moment();
                    ByteBuffer in = ByteBuffer.allocate(10);
                    t.say("receive", d.receive(in));
                    MembershipKey k = d.join(g, lo());
                    t.value("send", () -> to.send(bytes("yes"), to(g, d)));
                    t.until("received", () -> d.receive(in) != null);
                    t.say("text", text(in));
                    k.block(InetAddress.getByName("127.0.0.1"));
                    to.send(bytes("blocked"), to(g, d));
                    t.moment();
                    t.say("blocked", d.receive(in.clear()));
                    k.unblock(InetAddress.getByName("127.0.0.1"));
                    to.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
                    to.send(bytes("no loop"), to(g, d));
                    t.moment();
                    t.say("no loop", d.receive(in.clear()));
                    to.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
                    to.send(bytes("loop"), to(g, d));
                    t.until("received", () -> d.receive(in.clear()) != null);
                    t.say("loop", text(in));
                    k.drop();
                    to.send(bytes("dropped"), to(g, d));
                    t.moment();
                    t.say("dropped", d.receive(in.clear()));
                });
        s.add(
                "traffic to two",
                t -> {
                    DatagramChannel d = four(t);
                    InetAddress g = group(71);
                    d.join(g, lo());
                    DatagramChannel e = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
                    e.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(d.getLocalAddress());
                    e.join(g, lo());
                    DatagramChannel to = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
                    to.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
                    to.send(bytes("all"), to(g, d));
                    ByteBuffer in = ByteBuffer.allocate(10);
                    d.receive(in);
                    t.say("one", text(in));
                    e.receive(in.clear());
                    t.say("two", text(in));
                });
        s.add(
                "no route to a group",
                t -> {
                    DatagramChannel to = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
                    t.value("send", () -> to.send(bytes("x"), new InetSocketAddress(group(72), 9)));
                    to.setOption(
                            StandardSocketOptions.IP_MULTICAST_IF,
                            NetworkInterface.getByName("eth0"));
                    t.value("eth0", () -> to.send(bytes("x"), new InetSocketAddress(group(72), 9)));
                });
    }

    private static void sources(Suite s) {
        s.add(
                "source",
                t -> {
                    DatagramChannel d = four(t);
                    InetAddress g = group(73);
                    MembershipKey k = d.join(g, lo(), InetAddress.getByName("127.0.0.3"));
                    DatagramChannel yes = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
                    yes.bind(new InetSocketAddress("127.0.0.3", 0));
                    yes.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
                    DatagramChannel no = t.open(DatagramChannel.open(StandardProtocolFamily.INET));
                    no.bind(new InetSocketAddress("127.0.0.4", 0));
                    no.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
                    no.send(bytes("no"), to(g, d));
                    yes.send(bytes("yes"), to(g, d));
                    ByteBuffer in = ByteBuffer.allocate(10);
                    t.say("from", ((InetSocketAddress) d.receive(in)).getAddress());
                    t.say("text", text(in));
                    MembershipKey second = d.join(g, lo(), InetAddress.getByName("127.0.0.4"));
                    no.send(bytes("now"), to(g, d));
                    t.say("from", ((InetSocketAddress) d.receive(in.clear())).getAddress());
                    k.drop();
                    yes.send(bytes("dropped"), to(g, d));
                    no.send(bytes("still"), to(g, d));
                    t.say("from", ((InetSocketAddress) d.receive(in.clear())).getAddress());
                    t.say("valid", second.isValid());
                });
    }

    @SuppressWarnings("deprecation")
    private static void sockets(Suite s) {
        s.add(
                "socket",
                t -> {
                    MulticastSocket m = t.open(new MulticastSocket(0));
                    t.say("reuse", m.getReuseAddress());
                    t.say("ttl", m.getTimeToLive());
                    t.value(
                            "set ttl",
                            () -> {
                                m.setTimeToLive(7);
                                return m.getTimeToLive();
                            });
                    t.call("bad ttl", () -> m.setTimeToLive(256));
                    t.call("negative ttl", () -> m.setTimeToLive(-1));
                    t.say("loop disabled", m.getLoopbackMode());
                    t.value(
                            "disable",
                            () -> {
                                m.setLoopbackMode(true);
                                return m.getLoopbackMode()
                                        + " "
                                        + m.getOption(StandardSocketOptions.IP_MULTICAST_LOOP);
                            });
                    t.value("interface", m::getInterface);
                    t.value("network interface", () -> m.getNetworkInterface().getName());
                    t.call("set", () -> m.setNetworkInterface(lo()));
                    t.value("interface", m::getInterface);
                    t.value("network interface", () -> m.getNetworkInterface().getName());
                    t.call("set address", () -> m.setInterface(InetAddress.getByName("127.0.0.1")));
                    t.call("set unknown", () -> m.setInterface(InetAddress.getByName("192.0.2.1")));
                    t.call("join", () -> m.joinGroup(group(80)));
                    t.call("again", () -> m.joinGroup(group(80)));
                    t.call("leave", () -> m.leaveGroup(group(80)));
                    t.call("leave again", () -> m.leaveGroup(group(80)));
                    t.call("join on", () -> m.joinGroup(new InetSocketAddress(group(81), 0), lo()));
                    t.call(
                            "join on, again",
                            () -> m.joinGroup(new InetSocketAddress(group(81), 0), lo()));
                    t.call(
                            "leave on",
                            () -> m.leaveGroup(new InetSocketAddress(group(81), 0), lo()));
                    t.call(
                            "leave other",
                            () -> m.leaveGroup(new InetSocketAddress(group(82), 0), lo()));
                    t.call("not multicast", () -> m.joinGroup(InetAddress.getByName("10.0.0.9")));
                    t.call("null", () -> m.joinGroup(null, lo()));
                    t.call("null group", () -> m.joinGroup((InetAddress) null));
                    m.close();
                    t.call("closed", () -> m.joinGroup(group(80)));
                    t.value("closed ttl", m::getTimeToLive);
                    t.call("closed leave", () -> m.leaveGroup(group(80)));
                });
        s.add(
                "socket traffic",
                t -> {
                    MulticastSocket m = t.open(new MulticastSocket(0));
                    m.setSoTimeout(3000);
                    m.setNetworkInterface(lo());
                    m.joinGroup(new InetSocketAddress(group(83), 0), lo());
                    byte[] b = "many".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
                    t.call(
                            "send",
                            () ->
                                    m.send(
                                            new java.net.DatagramPacket(
                                                    b, 4, group(83), m.getLocalPort())));
                    var in = new java.net.DatagramPacket(new byte[9], 9);
                    t.call("receive", () -> m.receive(in));
                    t.say("length", in.getLength() + " " + in.getAddress());
                    m.leaveGroup(new InetSocketAddress(group(83), 0), lo());
                });
    }

    private static void six(Suite s) {
        s.add(
                "IPv6",
                t -> {
                    DatagramChannel d = t.open(DatagramChannel.open());
                    InetAddress g = InetAddress.getByName("ff02::7:7");
                    if (t.value("bind", () -> d.bind(new InetSocketAddress(0)).getLocalAddress())
                            == null) {
                        return;
                    }
                    MembershipKey k = t.value("join", () -> d.join(g, lo()));
                    if (k == null) {
                        return;
                    }
                    DatagramChannel to = t.open(DatagramChannel.open());
                    to.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
                    t.value("send", () -> to.send(bytes("six"), to(g, d)));
                    ByteBuffer in = ByteBuffer.allocate(10);
                    d.configureBlocking(false);
                    t.moment();
                    t.value("receive", () -> d.receive(in));
                    t.value("block", () -> k.block(InetAddress.getByName("::1")) == k);
                    t.value("v4 group", () -> d.join(group(90), lo()).isValid());
                    t.value(
                            "v4 block",
                            () ->
                                    d.join(group(90), lo())
                                            .block(InetAddress.getByName("127.0.0.9"))
                                            .isValid());
                    t.value(
                            "v4 source",
                            () ->
                                    d.join(group(91), lo(), InetAddress.getByName("127.0.0.9"))
                                            .isValid());
                    t.call("drop", k::drop);
                });
        s.add(
                "IPv4 on a dual socket",
                t -> {
                    DatagramChannel d = t.open(DatagramChannel.open());
                    d.bind(new InetSocketAddress(0));
                    t.say(
                            "local",
                            ((InetSocketAddress) d.getLocalAddress()).getAddress()
                                    instanceof Inet6Address);
                    t.value("join", () -> d.join(group(92), lo()));
                    DatagramChannel to = t.open(DatagramChannel.open());
                    to.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo());
                    t.value("send", () -> to.send(bytes("four"), to(group(92), d)));
                    d.configureBlocking(false);
                    ByteBuffer in = ByteBuffer.allocate(10);
                    t.moment();
                    var from = (InetSocketAddress) d.receive(in);
                    t.say("from", from == null ? null : from.getAddress() instanceof Inet4Address);
                });
    }
}
