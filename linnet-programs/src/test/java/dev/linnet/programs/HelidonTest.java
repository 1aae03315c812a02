package dev.linnet.programs;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Helidon 4, which has a virtual thread on a blocking socket for each connection, with the JDK's HTTP client.
@OnLinnet
class HelidonTest {
    private static final int PORT = 8080;

    private CountDownLatch ended;
    private WebServer server;

    /// Or it sets a filter that lets nothing be deserialized, in this whole JVM.
    @BeforeAll
    static void withoutFilter() {
        System.setProperty("helidon.serialFilter.missing.action", "ignore");
    }

    @BeforeEach
    void start() {
        ended = new CountDownLatch(1);
        server = WebServer.builder().port(PORT).routing(this::resources).build().start();
    }

    private void resources(HttpRouting.Builder routing) {
        routing.post("/echo", HelidonTest::echo)
                .get("/bytes/{seed}/{length}", HelidonTest::bytes)
                .get("/never", (request, response) -> ended.await());
    }

    @AfterEach
    void stop() {
        ended.countDown();
        server.stop();
    }

    private static void echo(ServerRequest request, ServerResponse response) throws Exception {
        try (OutputStream out = response.outputStream()) {
            request.content().inputStream().transferTo(out);
        }
    }

    private static void bytes(ServerRequest request, ServerResponse response) {
        long seed = Long.parseLong(request.path().pathParameters().get("seed"));
        int length = Integer.parseInt(request.path().pathParameters().get("length"));
        response.send(Bodies.bytes(seed, length));
    }

    @Test
    void http1() throws Exception {
        HttpChecks.all(Version.HTTP_1_1, URI.create("http://localhost:" + PORT));
    }

    @Test
    void stoppedItRefusesAndItsPortIsFree() throws Exception {
        URI uri = URI.create("http://localhost:" + PORT);
        for (int i = 0; i < 3; i++) {
            HttpChecks.some(uri);
            stop();
            HttpChecks.refused(uri);
            start();
        }
    }
}
