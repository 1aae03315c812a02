package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// OkHttp, which is on blocking sockets, with Jetty: HTTP/1.1, HTTP/2 over TLS, WebSocket.
@OnLinnet
class OkHttpTest {
    private JettyServer server;
    private OkHttpClient client;

    @BeforeEach
    void start() throws Exception {
        server = new JettyServer();
        server.start();
        client =
                new OkHttpClient.Builder()
                        .sslSocketFactory(
                                Certificates.context().getSocketFactory(),
                                (X509TrustManager) Certificates.trust().getTrustManagers()[0])
                        .readTimeout(Duration.ofSeconds(30))
                        .build();
        client.dispatcher().setMaxRequests(200);
        client.dispatcher().setMaxRequestsPerHost(100);
    }

    @AfterEach
    void stop() throws Exception {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
        server.stop();
    }

    private static Request echo(String base, byte[] body) {
        return post(base + "/echo", body);
    }

    private static Request post(String url, byte[] body) {
        return new Request.Builder().url(url).post(RequestBody.create(body)).build();
    }

    private void exercise(String base, Protocol protocol) throws Exception {
        int count = 300;
        CompletableFuture<?>[] answers = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            answers[i] = enqueue(base, protocol, Bodies.bytes(i, 20 * i + 1));
        }
        CompletableFuture.allOf(answers).get(60, TimeUnit.SECONDS);
        byte[] large = Bodies.bytes(1, 8 << 20);
        try (Response response = client.newCall(post(base + "/hash", large)).execute()) {
            assertThat(response.body().string()).isEqualTo(Bodies.sha256(large));
        }
        Request download = new Request.Builder().url(base + "/bytes/1/" + large.length).build();
        try (Response response = client.newCall(download).execute()) {
            assertThat(Bodies.sha256(response.body().byteStream())).isEqualTo(Bodies.sha256(large));
        }
        Crowd.virtual(
                50,
                i -> {
                    byte[] body = Bodies.bytes(i, 30_000);
                    try (Response response = client.newCall(echo(base, body)).execute()) {
                        assertThat(response.body().bytes()).isEqualTo(body);
                    }
                });
        OkHttpClient impatient = client.newBuilder().readTimeout(Duration.ofMillis(100)).build();
        Request never = new Request.Builder().url(base + "/never").build();
        assertThatThrownBy(() -> impatient.newCall(never).execute())
                .isInstanceOf(SocketTimeoutException.class);
    }

    private CompletableFuture<Void> enqueue(String base, Protocol protocol, byte[] body) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.newCall(echo(base, body))
                .enqueue(
                        new Callback() {
                            @Override
                            public void onFailure(Call call, IOException e) {
                                done.completeExceptionally(e);
                            }

                            @Override
                            public void onResponse(Call call, Response response) {
                                try (response) {
                                    assertThat(response.protocol()).isEqualTo(protocol);
                                    assertThat(response.body().bytes()).isEqualTo(body);
                                    done.complete(null);
                                } catch (Throwable e) {
                                    done.completeExceptionally(e);
                                }
                            }
                        });
        return done;
    }

    @Test
    void http1() throws Exception {
        exercise("http://localhost:" + JettyServer.PORT, Protocol.HTTP_1_1);
    }

    @Test
    void http2OverTls() throws Exception {
        exercise("https://localhost:" + JettyServer.TLS_PORT, Protocol.HTTP_2);
    }

    @Test
    void refusedByNameAndAddress() throws Exception {
        server.stop();
        assertThatThrownBy(
                        () -> client.newCall(echo("http://localhost:8080", new byte[1])).execute())
                .isInstanceOf(ConnectException.class)
                .hasMessageMatching("Failed to connect to localhost/.*:8080");
        assertThatThrownBy(
                        () -> client.newCall(echo("http://127.0.0.1:8080", new byte[1])).execute())
                .isInstanceOf(ConnectException.class)
                .hasMessage("Failed to connect to /127.0.0.1:8080")
                .hasRootCauseMessage("Connection refused");
    }

    @Test
    void webSocket() throws Exception {
        BlockingQueue<ByteString> answers = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        Request request =
                new Request.Builder().url("ws://localhost:" + JettyServer.PORT + "/socket").build();
        WebSocket socket =
                client.newWebSocket(
                        request,
                        new WebSocketListener() {
                            @Override
                            public void onMessage(WebSocket from, ByteString bytes) {
                                answers.add(bytes);
                            }

                            @Override
                            public void onClosed(WebSocket from, int code, String reason) {
                                closed.complete(code);
                            }
                        });
        for (int i = 0; i < 200; i++) {
            ByteString message = ByteString.of(Bodies.bytes(i, 1000 * i));
            assertThat(socket.send(message)).isTrue();
            assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo(message);
        }
        socket.close(1000, "done");
        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(1000);
    }
}
