package dev.linnet.contract;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random programs of one thread with `java.net`'s sockets, whose waits are short: what each step says, for a seed.
final class RandomSocketCases {
    private static final int PROGRAMS = Integer.getInteger("contract.programs", 30);
    private static final int STEPS = 70;
    private static final int FIRST_SEED = Integer.getInteger("contract.seed", 1);
    private static final int SETTLE_MS = 2;
    private static final int TIMEOUT_MS = 3;

    private final Trace t;
    private final Random random;
    private final InetSocketAddress refusing;
    private final List<Socket> sockets = new ArrayList<>();
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final List<DatagramSocket> datagrams = new ArrayList<>();

    private RandomSocketCases(Trace t, long seed) throws IOException {
        this.t = t;
        this.random = new Random(seed);
        this.refusing = Net.refusing(t);
    }

    static void addTo(Suite s) {
        for (int i = FIRST_SEED; i < FIRST_SEED + PROGRAMS; i++) {
            long seed = i;
            s.both("socket program " + i, t -> new RandomSocketCases(t, seed).run());
        }
    }

    private void run() throws Exception {
        listen();
        datagram();
        datagram();
        for (int i = 0; i < STEPS; i++) {
            switch (random.nextInt(12)) {
                case 0 -> sockets.add(t.open(new Socket()));
                case 1, 2 -> onListener();
                case 3, 4 -> onDatagram();
                default -> {
                    if (sockets.isEmpty()) {
                        sockets.add(t.open(new Socket()));
                    } else {
                        int at = random.nextInt(sockets.size());
                        onSocket("s" + at + " ", sockets.get(at));
                    }
                }
            }
            Thread.sleep(SETTLE_MS);
        }
    }

    private void listen() throws IOException {
        ServerSocket l = t.open(new ServerSocket(0, 50, Net.loopback()));
        l.setSoTimeout(TIMEOUT_MS);
        listeners.add(l);
    }

    private void datagram() throws IOException {
        DatagramSocket d = t.open(new DatagramSocket(0, Net.loopback()));
        d.setSoTimeout(TIMEOUT_MS);
        datagrams.add(d);
    }

    private void onListener() throws IOException {
        int at = random.nextInt(listeners.size());
        ServerSocket l = listeners.get(at);
        String name = "l" + at + " ";
        switch (random.nextInt(12)) {
            case 0 -> t.call(name + "close", l::close);
            case 1 -> listen();
            case 2 -> t.say(name + "states", l.isBound() + " " + l.isClosed());
            default -> {
                Socket a =
                        t.value(name + "accept", () -> portless(l.accept())) == null
                                ? null
                                : accepted;
                if (a != null) {
                    a.setSoTimeout(TIMEOUT_MS);
                    sockets.add(t.open(a));
                }
            }
        }
    }

    private Socket accepted;

    /// Keeps a socket, and tells of it.
    private String portless(Socket a) {
        accepted = a;
        return a.toString().replaceAll("([:=])\\d{5}\\b", "$1PORT");
    }

    private void onSocket(String name, Socket k) throws IOException {
        byte[] b = new byte[random.nextInt(2000)];
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> {
                ServerSocket l = listeners.get(random.nextInt(listeners.size()));
                SocketAddress to = l.isClosed() ? refusing : l.getLocalSocketAddress();
                t.call(name + "connect", () -> k.connect(to, 500));
                if (!k.isClosed()) {
                    k.setSoTimeout(TIMEOUT_MS);
                }
            }
            case 3, 4, 5 -> t.value(name + "read", () -> k.getInputStream().read(b));
            case 6 -> t.value(name + "read one", () -> k.getInputStream().read());
            case 7, 8, 9 -> t.call(name + "write", () -> k.getOutputStream().write(b));
            case 10 -> t.value(name + "available", () -> k.getInputStream().available());
            case 11 -> t.call(name + "shutdown out", k::shutdownOutput);
            case 12 -> t.call(name + "shutdown in", k::shutdownInput);
            case 13 -> {
                if (random.nextInt(3) == 0) {
                    t.call(name + "close", k::close);
                }
            }
            case 14 -> t.say(name + "text", portless(k));
            case 15 ->
                    t.say(
                            name + "states",
                            k.isBound()
                                    + " "
                                    + k.isConnected()
                                    + " "
                                    + k.isClosed()
                                    + " "
                                    + k.isInputShutdown()
                                    + " "
                                    + k.isOutputShutdown());
            case 16 -> {
                int seconds = random.nextInt(3) - 1;
                t.call(
                        name + "linger " + seconds,
                        () -> k.setSoLinger(seconds >= 0, Math.max(seconds, 0)));
                t.value(name + "linger", k::getSoLinger);
            }
            case 17 -> t.call(name + "bind", () -> k.bind(Net.any()));
            case 18 -> t.call(name + "urgent", () -> k.sendUrgentData(7));
            default ->
                    t.value(
                            name + "addresses",
                            () -> k.getInetAddress() + " " + k.getLocalAddress());
        }
    }

    private void onDatagram() {
        int at = random.nextInt(datagrams.size());
        DatagramSocket d = datagrams.get(at);
        SocketAddress to =
                random.nextInt(5) == 0
                        ? refusing
                        : datagrams.get(random.nextInt(datagrams.size())).getLocalSocketAddress();
        String name = "d" + at + " ";
        byte[] b = new byte[random.nextInt(500)];
        switch (random.nextInt(12)) {
            case 0 -> t.call(name + "connect", () -> d.connect(to));
            case 1 -> t.call(name + "disconnect", d::disconnect);
            case 2 ->
                    t.say(
                            name + "states",
                            d.isBound() + " " + d.isConnected() + " " + d.isClosed());
            case 3 -> t.call(name + "send to peer", () -> d.send(new DatagramPacket(b, b.length)));
            case 4, 5, 6 ->
                    t.call(name + "send", () -> d.send(new DatagramPacket(b, b.length, to)));
            case 7 -> {
                if (random.nextInt(8) == 0) {
                    t.call(name + "close", d::close);
                }
            }
            default -> {
                DatagramPacket p = new DatagramPacket(b, b.length);
                t.value(
                        name + "receive",
                        () -> {
                            d.receive(p);
                            return p.getLength();
                        });
            }
        }
    }
}
