package dev.linnet.contract;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Addresses, names and interfaces.
final class AddressCases {
    private AddressCases() {}

    static void addTo(Suite s) {
        names(s);
        reachable(s);
        interfaces(s);
    }

    private static void names(Suite s) {
        s.add(
                "localhost",
                t -> {
                    t.value(
                            "localhost",
                            () -> InetAddress.getByName("localhost").isLoopbackAddress());
                    t.value("first", () -> InetAddress.getByName("localhost"));
                    t.value("all", () -> InetAddress.getAllByName("localhost").length > 0);
                    t.value("loopback", () -> InetAddress.getLoopbackAddress());
                    t.value("null", () -> InetAddress.getByName(null));
                    t.value("empty", () -> InetAddress.getByName(""));
                    t.value("own name", () -> InetAddress.getLocalHost().getHostName().isEmpty());
                    t.value(
                            "own name again",
                            () ->
                                    InetAddress.getByName(InetAddress.getLocalHost().getHostName())
                                            .equals(InetAddress.getLocalHost()));
                    t.value("unknown", () -> InetAddress.getByName("name.that.is.invalid"));
                    t.value("unknown, all", () -> InetAddress.getAllByName("name.that.is.invalid"));
                });
        s.add(
                "literals",
                t -> {
                    t.value("v4", () -> InetAddress.getByName("1.2.3.4"));
                    t.value("short", () -> InetAddress.getByName("127.1"));
                    t.value("one number", () -> InetAddress.getByName("2130706433"));
                    t.value("v6", () -> InetAddress.getByName("::1"));
                    t.value("brackets", () -> InetAddress.getByName("[fe80::1]"));
                    t.value("mapped", () -> InetAddress.getByName("::ffff:1.2.3.4"));
                    t.value("scope", () -> InetAddress.getByName("fe80::1%lo"));
                    t.value("scope number", () -> InetAddress.getByName("fe80::1%1"));
                    t.value("unknown scope", () -> InetAddress.getByName("fe80::1%nothere"));
                    t.value("bad", () -> InetAddress.getByName("[1.2.3.4]"));
                    t.value("too large", () -> InetAddress.getByName("1.2.3.456"));
                    t.value("of literal", () -> Inet4Address.ofLiteral("1.2.3.4"));
                    t.value(
                            "bytes",
                            () -> InetAddress.getByAddress("name", new byte[] {1, 2, 3, 4}));
                    t.value("bad bytes", () -> InetAddress.getByAddress(new byte[3]));
                    t.value(
                            "name of loopback",
                            () -> InetAddress.getByName("127.0.0.1").getHostName());
                    t.value(
                            "name of nobody",
                            () -> InetAddress.getByName("192.0.2.77").getHostName());
                    t.value("socket address", () -> new InetSocketAddress("127.0.0.1", 80));
                    t.value("unresolved", () -> new InetSocketAddress("name.that.is.invalid", 80));
                });
    }

    private static void reachable(Suite s) {
        s.add(
                "reachable",
                t -> {
                    t.value(
                            "127.0.0.1",
                            () -> InetAddress.getByName("127.0.0.1").isReachable(1000));
                    t.value("10.0.0.1", () -> InetAddress.getByName("10.0.0.1").isReachable(1000));
                    t.value("no route", () -> InetAddress.getByName("192.0.2.1").isReachable(100));
                    t.value("negative", () -> InetAddress.getByName("127.0.0.1").isReachable(-1));
                    t.value(
                            "interface",
                            () ->
                                    InetAddress.getByName("127.0.0.1")
                                            .isReachable(
                                                    NetworkInterface.getByName("lo"), 0, 1000));
                    t.value(
                            "negative ttl",
                            () -> InetAddress.getByName("127.0.0.1").isReachable(null, -1, 1000));
                    t.value("v6", () -> InetAddress.getByName("::1").isReachable(1000));
                });
    }

    private static void interfaces(Suite s) {
        s.add(
                "interfaces",
                t -> {
                    NetworkInterface lo = NetworkInterface.getByName("lo");
                    t.say("text", lo);
                    t.say("name", lo.getName() + " " + lo.getDisplayName() + " " + lo.getIndex());
                    t.say(
                            "flags",
                            lo.isUp()
                                    + " "
                                    + lo.isLoopback()
                                    + " "
                                    + lo.isPointToPoint()
                                    + " "
                                    + lo.supportsMulticast()
                                    + " "
                                    + lo.isVirtual());
                    t.say("mtu", lo.getMTU());
                    t.say(
                            "hardware",
                            lo.getHardwareAddress() == null
                                    ? null
                                    : Arrays.toString(lo.getHardwareAddress()));
                    t.say("parent", lo.getParent());
                    t.say("sub", Collections.list(lo.getSubInterfaces()));
                    List<InetAddress> addresses = Collections.list(lo.getInetAddresses());
                    t.say("v4", addresses.stream().filter(Inet4Address.class::isInstance).toList());
                    t.say("v6", addresses.stream().filter(Inet6Address.class::isInstance).toList());
                    for (InterfaceAddress a : lo.getInterfaceAddresses()) {
                        t.say(
                                "address",
                                a.getAddress()
                                        + " "
                                        + a.getBroadcast()
                                        + " "
                                        + a.getNetworkPrefixLength());
                    }
                    t.value(
                            "by address",
                            () ->
                                    NetworkInterface.getByInetAddress(
                                            InetAddress.getByName("127.0.0.1")));
                    t.value("by index", () -> NetworkInterface.getByIndex(lo.getIndex()));
                    t.value("equal", () -> NetworkInterface.getByIndex(lo.getIndex()).equals(lo));
                    t.value("unknown", () -> NetworkInterface.getByName("nothere"));
                    t.value("unknown index", () -> NetworkInterface.getByIndex(4711));
                    t.value("negative index", () -> NetworkInterface.getByIndex(-1));
                    t.value(
                            "unknown address",
                            () ->
                                    NetworkInterface.getByInetAddress(
                                            InetAddress.getByName("192.0.2.1")));
                    t.value("null name", () -> NetworkInterface.getByName(null));
                    t.value("null address", () -> NetworkInterface.getByInetAddress(null));
                    t.value(
                            "first",
                            () -> NetworkInterface.networkInterfaces().anyMatch(i -> i.equals(lo)));
                    t.value(
                            "all",
                            () ->
                                    Collections.list(NetworkInterface.getNetworkInterfaces())
                                            .contains(lo));
                });
        s.add(
                "interface of the host's address",
                t -> {
                    NetworkInterface eth =
                            NetworkInterface.getByInetAddress(InetAddress.getByName("10.0.0.1"));
                    t.say("name", eth.getName());
                    t.say(
                            "flags",
                            eth.isUp()
                                    + " "
                                    + eth.isLoopback()
                                    + " "
                                    + eth.isPointToPoint()
                                    + " "
                                    + eth.supportsMulticast()
                                    + " "
                                    + eth.isVirtual());
                    t.say("mtu", eth.getMTU());
                    t.say("hardware", eth.getHardwareAddress().length);
                    for (InterfaceAddress a : eth.getInterfaceAddresses()) {
                        if (a.getAddress() instanceof Inet4Address) {
                            t.say(
                                    "address",
                                    a.getAddress()
                                            + " "
                                            + a.getBroadcast()
                                            + " "
                                            + a.getNetworkPrefixLength());
                        }
                    }
                });
    }
}
