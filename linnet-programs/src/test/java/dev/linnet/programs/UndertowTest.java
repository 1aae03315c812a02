package dev.linnet.programs;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.net.URI;
import java.net.http.HttpClient.Version;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Undertow, which is on XNIO, with the JDK's HTTP client.
@OnLinnet
class UndertowTest {
    private static final int PORT = 8080;
    private static final int TLS_PORT = 8443;

    private Undertow server;

    @BeforeEach
    void start() {
        HttpHandler resources =
                Handlers.path()
                        .addExactPath("/echo", UndertowTest::echo)
                        .addPrefixPath("/bytes", UndertowTest::bytes)
                        .addExactPath(
                                "/never",
                                exchange ->
                                        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> {}));
        server =
                Undertow.builder()
                        .addHttpListener(PORT, "0.0.0.0")
                        .addHttpsListener(TLS_PORT, "0.0.0.0", Certificates.context())
                        .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 32L << 20)
                        .setHandler(resources)
                        .build();
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static void echo(HttpServerExchange exchange) throws Exception {
        if (exchange.isInIoThread()) {
            exchange.dispatch(UndertowTest::echo);
            return;
        }
        exchange.startBlocking();
        exchange.getInputStream().transferTo(exchange.getOutputStream());
        exchange.endExchange();
    }

    private static void bytes(HttpServerExchange exchange) throws Exception {
        if (exchange.isInIoThread()) {
            exchange.dispatch(UndertowTest::bytes);
            return;
        }
        exchange.startBlocking();
        String[] path = exchange.getRequestPath().split("/");
        byte[] body = Bodies.bytes(Long.parseLong(path[2]), Integer.parseInt(path[3]));
        exchange.getOutputStream().write(body);
        exchange.endExchange();
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
    void http2OverTls() throws Exception {
        HttpChecks.all(Version.HTTP_2, URI.create("https://localhost:" + TLS_PORT));
    }

    @Test
    void stoppedItRefusesAndItsPortIsFree() throws Exception {
        URI uri = URI.create("http://localhost:" + PORT);
        for (int i = 0; i < 3; i++) {
            HttpChecks.some(uri);
            server.stop();
            HttpChecks.refused(uri);
            start();
        }
    }
}
