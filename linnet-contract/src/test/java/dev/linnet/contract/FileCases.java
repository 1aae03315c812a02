package dev.linnet.contract;

import static dev.linnet.contract.Net.bytes;

import com.sun.net.httpserver.HttpServer;
import dev.linnet.contract.Net.Pair;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What files do with sockets, the JDK's own HTTP, the inherited channel.
final class FileCases {
    private FileCases() {}

    private static Path file(Trace t, int size) throws IOException {
        Path f = Files.createTempFile("c", ".bin");
        t.open(() -> Files.delete(f));
        byte[] b = new byte[size];
        for (int i = 0; i < size; i++) {
            b[i] = (byte) (i * 7 >> 2);
        }
        Files.write(f, b);
        return f;
    }

    static void addTo(Suite s) {
        transferTo(s);
        transferFrom(s);
        http(s);
        s.add("inherited channel", t -> t.value("channel", System::inheritedChannel));
    }

    private static void transferTo(Suite s) {
        s.both(
                "transferTo",
                t -> {
                    Pair p = Net.pair(t);
                    int size = 300_000;
                    Path f = file(t, size);
                    try (FileChannel c = FileChannel.open(f)) {
                        var send =
                                t.started(
                                        "send",
                                        () -> {
                                            long n = 0;
                                            while (n < size) {
                                                n += c.transferTo(n, size - n, p.client());
                                            }
                                            p.client().close();
                                            return n;
                                        });
                        String got = Net.read(p.server(), size + 1);
                        send.end();
                        t.say("same", got.equals(Files.readString(f, StandardCharsets.ISO_8859_1)));
                    }
                });
        s.add(
                "transferTo, part",
                t -> {
                    Pair p = Net.pair(t);
                    try (FileChannel c = FileChannel.open(file(t, 1000))) {
                        t.value("part", () -> c.transferTo(10, 20, p.client()));
                        t.value("over the end", () -> c.transferTo(990, 100, p.client()));
                        t.value("at the end", () -> c.transferTo(1000, 5, p.client()));
                        t.value("behind", () -> c.transferTo(2000, 5, p.client()));
                        t.value("none", () -> c.transferTo(0, 0, p.client()));
                        t.value("negative", () -> c.transferTo(-1, 5, p.client()));
                        t.value("position", c::position);
                        t.say("got", Net.read(p.server(), 30).length());
                        p.client().shutdownOutput();
                        t.value("shut", () -> c.transferTo(0, 5, p.client()));
                        p.client().close();
                        t.value("closed", () -> c.transferTo(0, 5, p.client()));
                    }
                });
        s.add(
                "transferTo, non-blocking",
                t -> {
                    Pair p = Net.full(t);
                    p.client().configureBlocking(false);
                    try (FileChannel c = FileChannel.open(file(t, 1000))) {
                        t.value("full", () -> c.transferTo(0, 1000, p.client()));
                    }
                });
        s.add(
                "transferTo, broken",
                t -> {
                    Pair p = Net.pair(t);
                    Net.reset(p.server());
                    t.moment();
                    try (FileChannel c = FileChannel.open(file(t, 1000))) {
                        t.value("reset", () -> c.transferTo(0, 1000, p.client()));
                        t.value("again", () -> c.transferTo(0, 1000, p.client()));
                    }
                });
        s.both(
                "transferTo, closed",
                t -> {
                    Pair p = Net.full(t);
                    try (FileChannel c = FileChannel.open(file(t, 100_000))) {
                        var send = t.blocked("send", () -> c.transferTo(0, 100_000, p.client()));
                        send.stillWaits();
                        p.client().close();
                        send.end();
                    }
                });
    }

    private static void transferFrom(Suite s) {
        s.add(
                "transferFrom",
                t -> {
                    Pair p = Net.pair(t);
                    p.client().write(bytes("into the file"));
                    p.client().shutdownOutput();
                    Path f = file(t, 4);
                    try (FileChannel c = FileChannel.open(f, StandardOpenOption.WRITE)) {
                        t.value("part", () -> c.transferFrom(p.server(), 2, 4));
                        t.value("rest", () -> c.transferFrom(p.server(), 6, 100));
                        t.value("end", () -> c.transferFrom(p.server(), 0, 100));
                    }
                    t.say("size", Files.size(f));
                });
        s.add(
                "transferFrom, non-blocking",
                t -> {
                    Pair p = Net.pair(t);
                    p.server().configureBlocking(false);
                    try (FileChannel c = FileChannel.open(file(t, 4), StandardOpenOption.WRITE)) {
                        t.value("nothing", () -> c.transferFrom(p.server(), 0, 10));
                        p.client().write(bytes("abc"));
                        t.until("some", () -> c.transferFrom(p.server(), 0, 10) > 0);
                    }
                });
    }

    private static HttpServer server(Trace t) throws IOException {
        HttpServer server = HttpServer.create(Net.any(), 5);
        server.createContext(
                "/",
                e -> {
                    byte[] b =
                            (e.getRequestMethod()
                                            + " "
                                            + e.getRequestURI()
                                            + " "
                                            + new String(
                                                    e.getRequestBody().readAllBytes(),
                                                    StandardCharsets.UTF_8))
                                    .getBytes(StandardCharsets.UTF_8);
                    e.sendResponseHeaders(
                            e.getRequestURI().getPath().equals("/none") ? 404 : 200, b.length);
                    e.getResponseBody().write(b);
                    e.close();
                });
        server.start();
        t.open(() -> server.stop(0));
        return server;
    }

    private static void http(Suite s) {
        s.add(
                "URLConnection",
                t -> {
                    InetSocketAddress at = server(t).getAddress();
                    URI base = URI.create("http://127.0.0.1:" + at.getPort());
                    HttpURLConnection c =
                            (HttpURLConnection)
                                    base.resolve("/a?b").toURL().openConnection(Proxy.NO_PROXY);
                    t.value("status", c::getResponseCode);
                    t.value("body", () -> c.getInputStream().readAllBytes());
                    HttpURLConnection d =
                            (HttpURLConnection)
                                    base.resolve("/none").toURL().openConnection(Proxy.NO_PROXY);
                    d.setDoOutput(true);
                    d.getOutputStream().write("posted".getBytes(StandardCharsets.UTF_8));
                    t.value("status", d::getResponseCode);
                    t.value("body", () -> d.getErrorStream().readAllBytes());
                    int refused = Net.refusing(t).getPort();
                    t.value(
                            "refused",
                            () ->
                                    URI.create("http://127.0.0.1:" + refused)
                                            .toURL()
                                            .openConnection(Proxy.NO_PROXY)
                                            .getInputStream());
                });
        s.add(
                "HttpClient",
                t -> {
                    int port = server(t).getAddress().getPort();
                    HttpClient client =
                            t.open(
                                    HttpClient.newBuilder()
                                            .proxy(HttpClient.Builder.NO_PROXY)
                                            .build());
                    HttpRequest r =
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/x"))
                                    .POST(HttpRequest.BodyPublishers.ofString("sent"))
                                    .build();
                    t.value(
                            "body",
                            () -> client.send(r, HttpResponse.BodyHandlers.ofString()).body());
                    t.value(
                            "async",
                            () ->
                                    client.sendAsync(r, HttpResponse.BodyHandlers.ofString())
                                            .join()
                                            .statusCode());
                    int refused = Net.refusing(t).getPort();
                    HttpRequest no =
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + refused + "/"))
                                    .build();
                    t.value("refused", () -> client.send(no, HttpResponse.BodyHandlers.ofString()));
                });
        s.add(
                "HttpServer",
                t -> {
                    HttpServer server = server(t);
                    t.say("address", server.getAddress());
                    t.value("in use", () -> HttpServer.create(server.getAddress(), 1));
                });
    }
}
