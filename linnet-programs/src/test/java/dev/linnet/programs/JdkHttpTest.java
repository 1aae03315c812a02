package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The JDK's own HTTP server with both of its clients, with and without TLS.
@OnLinnet
class JdkHttpTest {
    private static final int PORT = 8080;

    private final CountDownLatch ended = new CountDownLatch(1);
    private ExecutorService threads;
    private HttpServer server;

    @BeforeEach
    void threads() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterEach
    void stop() {
        ended.countDown();
        server.stop(0);
        threads.close();
    }

    private void serve(HttpServer created) {
        server = created;
        server.createContext("/echo", JdkHttpTest::echo);
        server.createContext("/bytes", JdkHttpTest::bytes);
        server.createContext("/never", this::never);
        server.setExecutor(threads);
        server.start();
    }

    private static void echo(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody();
                OutputStream out = exchange.getResponseBody()) {
            byte[] body = in.readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            out.write(body);
        }
    }

    private static void bytes(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        byte[] body = Bodies.bytes(Long.parseLong(path[2]), Integer.parseInt(path[3]));
        exchange.sendResponseHeaders(200, 0); // in chunks
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private void never(HttpExchange exchange) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static InetSocketAddress anywhere() {
        return new InetSocketAddress(PORT);
    }

    private void serveTls() throws IOException {
        HttpsServer https = HttpsServer.create(anywhere(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(Certificates.context()));
        serve(https);
    }

    @Test
    void httpClient() throws Exception {
        serve(HttpServer.create(anywhere(), 0));
        HttpChecks.all(Version.HTTP_1_1, URI.create("http://localhost:" + PORT));
    }

    @Test
    void httpClientOverTls() throws Exception {
        serveTls();
        HttpChecks.all(Version.HTTP_1_1, URI.create("https://localhost:" + PORT));
    }

    @Test
    void everyAddressOfTheHostAnswers() throws Exception {
        serve(HttpServer.create(anywhere(), 0));
        for (String host :
                new String[] {
                    "127.0.0.1",
                    "[::1]",
                    "localhost",
                    InetAddress.getLocalHost().getHostName(),
                    InetAddress.getLocalHost().getHostAddress()
                }) {
            assertThat(urlConnection("http", host, Bodies.bytes(1, 1000)))
                    .isEqualTo(Bodies.bytes(1, 1000));
        }
    }

    @Test
    void urlConnection() throws Exception {
        serve(HttpServer.create(anywhere(), 0));
        Crowd.platform(
                300,
                32,
                i -> {
                    byte[] body = Bodies.bytes(i, 5000);
                    assertThat(urlConnection("http", "localhost", body)).isEqualTo(body);
                });
        byte[] large = Bodies.bytes(1, 8 << 20);
        assertThat(Bodies.sha256(urlConnection("http", "localhost", large)))
                .isEqualTo(Bodies.sha256(large));
    }

    @Test
    void urlConnectionOverTls() throws Exception {
        serveTls();
        Crowd.platform(
                50,
                16,
                i -> {
                    byte[] body = Bodies.bytes(i, 50_000);
                    assertThat(urlConnection("https", "localhost", body)).isEqualTo(body);
                });
    }

    private static byte[] urlConnection(String scheme, String host, byte[] body) throws Exception {
        HttpURLConnection connection = open(scheme + "://" + host + ":" + PORT + "/echo");
        if (connection instanceof HttpsURLConnection tls) {
            tls.setSSLSocketFactory(Certificates.context().getSocketFactory());
        }
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        } finally {
            connection.disconnect();
        }
    }

    private static HttpURLConnection open(String uri) throws IOException {
        return (HttpURLConnection) URI.create(uri).toURL().openConnection();
    }

    @Test
    void urlConnectionTimesOut() throws Exception {
        serve(HttpServer.create(anywhere(), 0));
        HttpURLConnection connection = open("http://localhost:" + PORT + "/never");
        connection.setReadTimeout(100);
        assertThatThrownBy(connection::getResponseCode)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("Read timed out");
        connection.disconnect();
    }

    @Test
    void aPortIsTakenUntilItsServerStops() throws Exception {
        serve(HttpServer.create(anywhere(), 0));
        assertThatThrownBy(
                        () -> new ServerSocket(PORT)) // HttpServer.create would lose a descriptor
                .isInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        URI uri = URI.create("http://localhost:" + PORT);
        HttpChecks.some(uri);
        server.stop(0);
        HttpChecks.refused(uri);
        HttpURLConnection refused = open(uri + "/echo");
        assertThatThrownBy(refused::getResponseCode)
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        serve(HttpServer.create(anywhere(), 0));
        assertThat(urlConnection("http", "localhost", new byte[] {1})).containsExactly(1);
    }
}
