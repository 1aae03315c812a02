package dev.linnet.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.linnet.junit.LinnetNetwork;
import dev.linnet.jvm.JvmHost;
import dev.linnet.sim.Link;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A web server and a client that know nothing of Linnet, each on a host of its own, the server on port 80. The JVM of
/// the tests has the agent; the tests themselves run on the client's host.
@LinnetNetwork(link = "delay=20ms,loss=1%", on = "client", agent = true)
class HttpTest {
    private HttpServer http;

    @BeforeEach
    void startServer(JvmHost server) throws Exception {
        http = server.call(() -> HttpServer.create(new InetSocketAddress(80), 0));
        http.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        server.run(http::start);
    }

    @AfterEach
    void stopServer() {
        http.stop(0);
    }

    @Test
    void answers() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://server/")).build();
        try (HttpClient web = HttpClient.newHttpClient()) {
            assertThat(web.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void timesOutWhenTheCableIsCut(Link link) throws Exception {
        link.ab().cut(true);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://server/"))
                        .timeout(Duration.ofMillis(300))
                        .build();
        try (HttpClient web = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> web.send(request, BodyHandlers.ofString()))
                    .isInstanceOf(HttpTimeoutException.class);
            web.shutdownNow();
        }
    }
}
