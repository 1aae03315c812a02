package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Jetty 12 with the JDK's HTTP client: HTTP/1.1, HTTP/2 with and without TLS, and WebSocket.
@OnLinnet
class JettyTest {
    private static final int PORT = JettyServer.PORT;
    private static final int TLS_PORT = JettyServer.TLS_PORT;

    private final JettyServer server = new JettyServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void http1() throws Exception {
        HttpChecks.all(Version.HTTP_1_1, URI.create("http://localhost:" + PORT));
    }

    @Test
    void http1OverTls() throws Exception {
        HttpChecks.all(Version.HTTP_1_1, URI.create("https://localhost:" + TLS_PORT));
    }

    @Test
    void http2() throws Exception {
        HttpChecks.all(Version.HTTP_2, URI.create("http://localhost:" + PORT));
    }

    @Test
    void http2OverTls() throws Exception {
        HttpChecks.all(Version.HTTP_2, URI.create("https://localhost:" + TLS_PORT));
    }

    @Test
    void webSocket() throws Exception {
        webSockets(URI.create("ws://localhost:" + PORT + "/socket"));
    }

    @Test
    void webSocketOverTls() throws Exception {
        webSockets(URI.create("wss://localhost:" + TLS_PORT + "/socket"));
    }

    private static void webSockets(URI uri) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(Certificates.context()).build()) {
            List<Echoes> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(Echoes.open(client, uri, i));
            }
            for (Echoes one : all) {
                one.exchange(1000, 20);
                one.exchange(200_000, 2);
            }
            all.getFirst().exchange(2 << 20, 1);
            for (Echoes one : all) {
                one.close();
            }
        }
    }

    /// A client's WebSocket whose messages come back.
    private static final class Echoes {
        private final WebSocketAnswers answers = new WebSocketAnswers();
        private final long seed;
        private WebSocket socket;

        Echoes(long seed) {
            this.seed = seed;
        }

        static Echoes open(HttpClient client, URI uri, long seed) throws Exception {
            Echoes echoes = new Echoes(seed);
            echoes.socket =
                    client.newWebSocketBuilder()
                            .buildAsync(uri, echoes.answers)
                            .get(30, TimeUnit.SECONDS);
            return echoes;
        }

        void exchange(int length, int times) throws Exception {
            for (int i = 0; i < times; i++) {
                byte[] message = Bodies.bytes(seed + i, length);
                socket.sendBinary(ByteBuffer.wrap(message), true).get(30, TimeUnit.SECONDS);
                assertThat(Bodies.sha256(answers.next())).isEqualTo(Bodies.sha256(message));
            }
        }

        void close() throws Exception {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(30, TimeUnit.SECONDS);
            assertThat(answers.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
        }
    }

    @Test
    void stoppedItRefusesAndItsPortsAreFree() throws Exception {
        URI uri = URI.create("http://localhost:" + PORT);
        HttpChecks.some(uri);
        server.stop();
        HttpChecks.refused(uri);
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThatThrownBy(
                            () ->
                                    client.newWebSocketBuilder()
                                            .buildAsync(
                                                    URI.create("ws://localhost:" + PORT),
                                                    new WebSocketAnswers())
                                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(java.nio.channels.ClosedChannelException.class);
        }
        server.start();
        HttpChecks.some(uri);
    }
}
