package dev.linnet.cli.demo;

import dev.linnet.cli.http.BytesContent;
import dev.linnet.cli.http.HttpFetch;
import dev.linnet.cli.http.HttpServer;
import dev.linnet.sim.Link;
import dev.linnet.sim.LinkConfig;
import dev.linnet.stack.Capture;
import dev.linnet.stack.Host;
import dev.linnet.stack.SocketInfo;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The demo itself: two hosts on a link, a server on one, a client on the other.
final class Demo {
    private static final int PORT = 80;

    /// IPv6 announces its addresses first; the story begins when the hosts are quiet.
    private static final long SETTLE_NS = 3_000_000_000L;

    private final LinkConfig config;
    private final String linkText;
    private final long seed;
    private final int sizeMib;
    private final boolean realTime;
    private final Path pcap;
    private final DemoScreen out;

    Demo(
            LinkConfig config,
            String linkText,
            long seed,
            int sizeMib,
            boolean realTime,
            Path pcap,
            DemoScreen out) {
        this.config = config;
        this.linkText = linkText;
        this.seed = seed;
        this.sizeMib = sizeMib;
        this.realTime = realTime;
        this.pcap = pcap;
        this.out = out;
    }

    /// Runs it; true if the file arrived whole.
    boolean run() throws IOException {
        byte[] file = new byte[sizeMib << 20];
        new SplittableRandom(seed).nextBytes(file);
        try (Stack stack = realTime ? Stack.create(seed) : Stack.virtual(seed)) {
            Host server = stack.newHost("server");
            Host client = stack.newHost("client");
            Link link = Link.connect(client, "eth0", server, "eth0", config, seed);
            client.addAddress("eth0", "10.0.0.1/24");
            server.addAddress("eth0", "10.0.0.2/24");
            stack.sleep(SETTLE_NS);
            out.title(linkText, seed, realTime);
            try (Capture capture = Capture.open(pcap).add(client, "eth0")) {
                boolean ok = transfer(stack, client, server, file);
                out.wire(link.ab().sent(), link.ba().sent(), link.ab().lost() + link.ba().lost());
                out.captured(pcap.toAbsolutePath(), capture.packets());
                return ok;
            }
        }
    }

    private boolean transfer(Stack stack, Host client, Host server, byte[] file) {
        Task httpd = server.newTask("httpd");
        Task curl = client.newTask("curl");
        SockAddr address = new SockAddrIn(PORT, 0x0a000002);
        Map<String, Long> before = counters(client, server);
        HandshakeView handshake =
                HandshakeView.start(stack, server, out, 2 * config.delayNs() + 10_000_000);
        BytesContent content = new BytesContent(file, "application/octet-stream");
        HttpServer http =
                HttpServer.start(
                        stack,
                        httpd,
                        new SockAddrIn(PORT, 0),
                        path -> path.equals("/file.bin") ? content : null);
        HttpFetch fetch = new HttpFetch(curl, address, "/file.bin");
        fetch.connect();
        handshake.finish();
        TransferView view = new TransferView(stack, out, file.length);
        List<SocketInfo> sockets = new ArrayList<>();
        fetch.fetch(view);
        view.finish();
        sockets.addAll(client.sockets());
        sockets.addAll(server.sockets());
        String expected = sha256(file);
        boolean ok = view.sha256().equals(expected);
        out.checksum(ok, expected);
        out.sockets(sockets);
        out.counters(moved(before, counters(client, server)));
        fetch.close();
        httpd.close();
        curl.close();
        return ok && http.requests() == 1;
    }

    private static Map<String, Long> counters(Host client, Host server) {
        Map<String, Long> all = new TreeMap<>();
        client.counters().forEach((name, value) -> all.put("client " + name, value));
        server.counters().forEach((name, value) -> all.put("server " + name, value));
        return all;
    }

    private static Map<String, Long> moved(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> moved = new TreeMap<>();
        after.forEach(
                (name, value) -> {
                    long delta = value - before.getOrDefault(name, 0L);
                    if (delta != 0) {
                        moved.put(name, delta);
                    }
                });
        return moved;
    }

    private static String sha256(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
