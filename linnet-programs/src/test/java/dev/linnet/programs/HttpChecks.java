package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What the JDK's HTTP client asks of a server, whichever it is. The server has three resources:
///
/// - `POST /echo` answers with the body of the request,
/// - `GET /bytes/SEED/LENGTH` answers with [Bodies#bytes],
/// - `GET /never` does not answer.
final class HttpChecks implements AutoCloseable {
    static final int MIB = 1 << 20;

    private static final int CONCURRENT = 300;

    /// Few enough for a server that has a thread for each connection.
    private static final int CONNECTIONS = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client;
    private final Version version;
    private final URI base;

    HttpChecks(Version version, URI base) {
        this.version = version;
        this.base = base;
        client =
                HttpClient.newBuilder()
                        .version(version)
                        .sslContext(Certificates.context())
                        .connectTimeout(PATIENCE)
                        .build();
    }

    /// Everything that a server that is up has to do.
    static void all(Version version, URI base) throws Exception {
        try (HttpChecks checks = new HttpChecks(version, base)) {
            checks.smallRequestsAtOnce();
            checks.requestsOfVirtualThreads();
            checks.largeBodies();
            checks.manySmallOnesOneAfterTheOther();
            checks.noAnswerIsATimeout();
        }
    }

    /// Enough to see that a server is up again.
    static void some(URI base) throws Exception {
        try (HttpChecks checks = new HttpChecks(Version.HTTP_1_1, base)) {
            checks.smallRequestsAtOnce();
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
    }

    private HttpRequest echo(byte[] body) {
        return to("/echo").POST(BodyPublishers.ofByteArray(body)).build();
    }

    private void check(HttpResponse<byte[]> response, byte[] body) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(version);
        assertThat(Bodies.sha256(response.body())).isEqualTo(Bodies.sha256(body));
    }

    void smallRequestsAtOnce() throws Exception {
        // With HTTP/2 one connection carries them all; the first request finds out that the server
        // can.
        HttpRequest first = to("/bytes/3/1000").build();
        check(client.send(first, BodyHandlers.ofByteArray()), Bodies.bytes(3, 1000));
        int width = version == Version.HTTP_1_1 ? CONNECTIONS : CONCURRENT;
        for (int done = 0; done < CONCURRENT; done += width) {
            List<byte[]> bodies = new ArrayList<>();
            List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                bodies.add(Bodies.bytes(done + i, 10 * i + 1));
                answers.add(client.sendAsync(echo(bodies.getLast()), BodyHandlers.ofByteArray()));
            }
            for (int i = 0; i < width; i++) {
                check(answers.get(i).get(60, TimeUnit.SECONDS), bodies.get(i));
            }
        }
    }

    void requestsOfVirtualThreads() throws Exception {
        Crowd.virtual(
                CONNECTIONS,
                i -> {
                    for (int round = 0; round < 3; round++) {
                        byte[] body = Bodies.bytes(1000 * round + i, 3000 + i);
                        check(client.send(echo(body), BodyHandlers.ofByteArray()), body);
                    }
                });
    }

    void largeBodies() throws Exception {
        Crowd.virtual(
                4,
                i -> {
                    byte[] body = Bodies.bytes(i, 4 * MIB + i);
                    check(client.send(echo(body), BodyHandlers.ofByteArray()), body);
                });
        HttpRequest download = to("/bytes/7/" + 16 * MIB).build();
        String hash = Bodies.sha256(Bodies.bytes(7, 16 * MIB));
        try (var body = client.send(download, BodyHandlers.ofInputStream()).body()) {
            assertThat(Bodies.sha256(body)).isEqualTo(hash);
        }
        byte[] sent = Bodies.bytes(8, 3 * MIB);
        HttpRequest ofUnknownLength =
                to("/echo")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(sent)))
                        .build();
        check(client.send(ofUnknownLength, BodyHandlers.ofByteArray()), sent);
    }

    void manySmallOnesOneAfterTheOther() throws Exception {
        for (int i = 0; i < 500; i++) {
            byte[] body = ("request " + i).getBytes(StandardCharsets.UTF_8);
            check(client.send(echo(body), BodyHandlers.ofByteArray()), body);
        }
    }

    void noAnswerIsATimeout() {
        HttpRequest never = to("/never").timeout(Duration.ofMillis(200)).build();
        assertThatThrownBy(() -> client.send(never, BodyHandlers.ofByteArray()))
                .isInstanceOf(HttpTimeoutException.class);
    }

    /// After the server has stopped.
    static void refused(URI base) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(base.resolve("/echo")).build();
            assertThatThrownBy(() -> client.send(request, BodyHandlers.discarding()))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
