package dev.linnet.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jdk.net.ExtendedSocketOptions;

/// Every option of every kind of channel and socket: whether it is there, its default, what it takes, what it refuses.
final class OptionCases {
    private OptionCases() {}

    /// Something with options.
    private interface Options extends Closeable {
        Set<SocketOption<?>> supported();

        Object get(SocketOption<?> o) throws Exception;

        void set(SocketOption<Object> o, Object value) throws Exception;
    }

    @FunctionalInterface
    private interface Maker {
        Options make() throws Exception;
    }

    private static final List<SocketOption<?>> ALL =
            List.of(
                    StandardSocketOptions.SO_BROADCAST,
                    StandardSocketOptions.SO_KEEPALIVE,
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_REUSEPORT,
                    StandardSocketOptions.SO_LINGER,
                    StandardSocketOptions.IP_TOS,
                    StandardSocketOptions.IP_MULTICAST_IF,
                    StandardSocketOptions.IP_MULTICAST_TTL,
                    StandardSocketOptions.IP_MULTICAST_LOOP,
                    StandardSocketOptions.TCP_NODELAY,
                    ExtendedSocketOptions.TCP_QUICKACK,
                    ExtendedSocketOptions.TCP_KEEPIDLE,
                    ExtendedSocketOptions.TCP_KEEPINTERVAL,
                    ExtendedSocketOptions.TCP_KEEPCOUNT,
                    ExtendedSocketOptions.SO_INCOMING_NAPI_ID,
                    ExtendedSocketOptions.IP_DONTFRAGMENT,
                    ExtendedSocketOptions.SO_PEERCRED);

    private static final Map<SocketOption<?>, List<Integer>> NUMBERS =
            Map.of(
                    StandardSocketOptions.SO_SNDBUF, List.of(1, 0, -1, 5000, 100_000, 100_000_000),
                    StandardSocketOptions.SO_RCVBUF, List.of(1, 0, -1, 5000, 100_000, 100_000_000),
                    StandardSocketOptions.SO_LINGER, List.of(0, 1, 65_535, 65_536, 100_000, -1, -5),
                    StandardSocketOptions.IP_TOS, List.of(0, 8, 0x10, 0xff, 1, 256, -1),
                    StandardSocketOptions.IP_MULTICAST_TTL, List.of(0, 5, 255, 256, -1),
                    ExtendedSocketOptions.TCP_KEEPIDLE, List.of(10, 32_767, 32_768, 0, -1),
                    ExtendedSocketOptions.TCP_KEEPINTERVAL, List.of(10, 32_767, 32_768, 0, -1),
                    ExtendedSocketOptions.TCP_KEEPCOUNT, List.of(3, 127, 128, 0, -1));

    static void addTo(Suite s) {
        Map<String, Maker> makers = new LinkedHashMap<>();
        makers.put("SocketChannel", () -> channel(SocketChannel.open()));
        makers.put(
                "SocketChannel inet",
                () -> channel(SocketChannel.open(StandardProtocolFamily.INET)));
        makers.put("ServerSocketChannel", () -> channel(ServerSocketChannel.open()));
        makers.put(
                "ServerSocketChannel inet",
                () -> channel(ServerSocketChannel.open(StandardProtocolFamily.INET)));
        makers.put("DatagramChannel", () -> channel(DatagramChannel.open()));
        makers.put(
                "DatagramChannel inet",
                () -> channel(DatagramChannel.open(StandardProtocolFamily.INET)));
        makers.put(
                "SocketChannel unix",
                () -> channel(SocketChannel.open(StandardProtocolFamily.UNIX)));
        makers.put(
                "ServerSocketChannel unix",
                () -> channel(ServerSocketChannel.open(StandardProtocolFamily.UNIX)));
        makers.put("AsynchronousSocketChannel", () -> channel(AsynchronousSocketChannel.open()));
        makers.put(
                "AsynchronousServerSocketChannel",
                () -> channel(AsynchronousServerSocketChannel.open()));
        makers.put("Socket", () -> socket(new Socket()));
        makers.put("ServerSocket", () -> server(new ServerSocket()));
        makers.put("DatagramSocket", () -> datagram(new DatagramSocket(null)));
        makers.put("MulticastSocket", () -> datagram(new MulticastSocket(null)));
        makers.put("SocketChannel.socket", () -> socket(SocketChannel.open().socket()));
        makers.put("ServerSocketChannel.socket", () -> server(ServerSocketChannel.open().socket()));
        makers.put("DatagramChannel.socket", () -> datagram(DatagramChannel.open().socket()));
        makers.forEach((name, maker) -> each(s, name, maker));
        connected(s);
    }

    private static void each(Suite s, String name, Maker maker) {
        s.add(
                name + " supported",
                t -> {
                    Options o = t.open(maker.make());
                    t.say(
                            "supported",
                            new TreeSet<>(o.supported().stream().map(SocketOption::name).toList()));
                    t.value(
                            "immutable",
                            () -> o.supported().add(StandardSocketOptions.TCP_NODELAY));
                    t.same("set", o.supported(), o.supported());
                    o.close();
                    t.say("closed", o.supported().size() > 0);
                    t.value("get", () -> o.get(StandardSocketOptions.SO_RCVBUF));
                    t.call("set", () -> o.set(any(StandardSocketOptions.SO_RCVBUF), 9000));
                });
        s.add(
                name + " defaults",
                t -> {
                    Options o = t.open(maker.make());
                    for (SocketOption<?> each : ALL) {
                        t.value(each.name(), () -> o.get(each));
                    }
                    t.value("null", () -> o.get(null));
                });
        s.add(
                name + " values",
                t -> {
                    Options o = t.open(maker.make());
                    for (SocketOption<?> each : ALL) {
                        if (o.supported().contains(each)) {
                            values(t, o, each);
                        }
                    }
                    t.call(
                            "not supported",
                            () -> o.set(any(ExtendedSocketOptions.SO_PEERCRED), null));
                    t.call("null option", () -> o.set(null, 1));
                });
    }

    private static void values(Trace t, Options o, SocketOption<?> option) throws Exception {
        Collection<?> values =
                option.type() == Boolean.class
                        ? List.of(true, false, true)
                        : option.type() == NetworkInterface.class
                                ? List.of(NetworkInterface.getByName("lo"))
                                : option.type() == Integer.class
                                        ? NUMBERS.getOrDefault(option, List.of(1))
                                        : List.of();
        for (Object v : values) {
            String shown = v instanceof NetworkInterface i ? i.getName() : v.toString();
            if (t.call(option.name() + ":" + shown, () -> o.set(any(option), v))) {
                t.value(
                        "is",
                        () ->
                                o.get(option) instanceof NetworkInterface i
                                        ? i.getName()
                                        : o.get(option));
            }
        }
        t.call(option.name() + ":null", () -> o.set(any(option), null));
        t.call(option.name() + ":wrong", () -> o.set(any(option), "wrong"));
    }

    private static void connected(Suite s) {
        s.add(
                "of connected channels",
                t -> {
                    Net.Pair p = Net.pair(t);
                    for (SocketOption<?> each : ALL) {
                        if (p.client().supportedOptions().contains(each)) {
                            t.value(each.name(), () -> p.client().getOption(each));
                            t.value("accepted", () -> p.server().getOption(each));
                        }
                    }
                });
        s.add(
                "of connected sockets",
                t -> {
                    Net.Sockets p = Net.sockets(t);
                    for (SocketOption<?> each : ALL) {
                        if (p.client().supportedOptions().contains(each)) {
                            t.value(each.name(), () -> p.client().getOption(each));
                            t.value("accepted", () -> p.server().getOption(each));
                        }
                    }
                });
        s.add(
                "inherited from the listener",
                t -> {
                    ServerSocketChannel l = t.open(ServerSocketChannel.open());
                    l.setOption(StandardSocketOptions.SO_RCVBUF, 20_000).bind(Net.any());
                    SocketChannel c = t.open(SocketChannel.open(l.getLocalAddress()));
                    SocketChannel a = t.open(l.accept());
                    t.say("rcvbuf", a.getOption(StandardSocketOptions.SO_RCVBUF));
                    t.say("reuse", a.getOption(StandardSocketOptions.SO_REUSEADDR));
                    t.say("client", c.getOption(StandardSocketOptions.SO_RCVBUF));
                });
        s.add(
                "quickack and keep-alive on a connection",
                t -> {
                    Net.Pair p = Net.pair(t);
                    t.value(
                            "keepalive",
                            () ->
                                    p.client()
                                            .setOption(StandardSocketOptions.SO_KEEPALIVE, true)
                                            .getOption(StandardSocketOptions.SO_KEEPALIVE));
                    t.value(
                            "idle",
                            () ->
                                    p.client()
                                            .setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 7)
                                            .getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
                    t.value(
                            "quickack",
                            () ->
                                    p.client()
                                            .setOption(ExtendedSocketOptions.TCP_QUICKACK, false)
                                            .getOption(ExtendedSocketOptions.TCP_QUICKACK));
                    t.value(
                            "quickack",
                            () ->
                                    p.client()
                                            .setOption(ExtendedSocketOptions.TCP_QUICKACK, true)
                                            .getOption(ExtendedSocketOptions.TCP_QUICKACK));
                    t.value(
                            "tos",
                            () ->
                                    p.client()
                                            .setOption(StandardSocketOptions.IP_TOS, 0x28)
                                            .getOption(StandardSocketOptions.IP_TOS));
                    t.value(
                            "napi",
                            () -> p.client().getOption(ExtendedSocketOptions.SO_INCOMING_NAPI_ID));
                    t.value(
                            "set napi",
                            () ->
                                    p.client()
                                            .setOption(
                                                    ExtendedSocketOptions.SO_INCOMING_NAPI_ID, 1));
                });
    }

    @SuppressWarnings("unchecked")
    private static SocketOption<Object> any(SocketOption<?> o) {
        return (SocketOption<Object>) o;
    }

    private static Object shown(Object value) {
        return value instanceof NetworkInterface i ? i.getName() : value;
    }

    private static Options channel(NetworkChannel c) {
        return new Options() {
            @Override
            public Set<SocketOption<?>> supported() {
                return c.supportedOptions();
            }

            @Override
            public Object get(SocketOption<?> o) throws Exception {
                return shown(c.getOption(o));
            }

            @Override
            public void set(SocketOption<Object> o, Object value) throws Exception {
                c.setOption(o, value);
            }

            @Override
            public void close() throws IOException {
                c.close();
            }
        };
    }

    private static Options socket(Socket k) {
        return new Options() {
            @Override
            public Set<SocketOption<?>> supported() {
                return k.supportedOptions();
            }

            @Override
            public Object get(SocketOption<?> o) throws Exception {
                return shown(k.getOption(o));
            }

            @Override
            public void set(SocketOption<Object> o, Object value) throws Exception {
                k.setOption(o, value);
            }

            @Override
            public void close() throws IOException {
                k.close();
            }
        };
    }

    private static Options server(ServerSocket k) {
        return new Options() {
            @Override
            public Set<SocketOption<?>> supported() {
                return k.supportedOptions();
            }

            @Override
            public Object get(SocketOption<?> o) throws Exception {
                return shown(k.getOption(o));
            }

            @Override
            public void set(SocketOption<Object> o, Object value) throws Exception {
                k.setOption(o, value);
            }

            @Override
            public void close() throws IOException {
                k.close();
            }
        };
    }

    private static Options datagram(DatagramSocket k) {
        return new Options() {
            @Override
            public Set<SocketOption<?>> supported() {
                return k.supportedOptions();
            }

            @Override
            public Object get(SocketOption<?> o) throws Exception {
                return shown(k.getOption(o));
            }

            @Override
            public void set(SocketOption<Object> o, Object value) throws Exception {
                k.setOption(o, value);
            }

            @Override
            public void close() throws IOException {
                k.close();
            }
        };
    }
}
