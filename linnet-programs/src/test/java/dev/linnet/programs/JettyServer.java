package dev.linnet.programs;

import java.nio.ByteBuffer;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/// A Jetty 12 with the resources that [HttpChecks] asks for, `POST /hash` that answers with the hash of the body, and a
/// WebSocket at `/socket`; HTTP/1.1 and HTTP/2 on both of its ports.
final class JettyServer {
    static final int PORT = 8080;
    static final int TLS_PORT = 8443;

    private final Server server;

    JettyServer() {
        server = new Server();
        HttpConfiguration plain = new HttpConfiguration();
        ServerConnector connector =
                new ServerConnector(
                        server,
                        new HttpConnectionFactory(plain),
                        streams(new HTTP2CServerConnectionFactory(plain)));
        connector.setPort(PORT);
        server.addConnector(connector);
        server.addConnector(tls());
        WebSocketUpgradeHandler sockets =
                WebSocketUpgradeHandler.from(
                        server,
                        container -> {
                            container.setMaxBinaryMessageSize(4 << 20);
                            container.addMapping("/socket", (rq, rs, cb) -> new EchoSocket());
                        });
        sockets.setHandler(new Resources());
        server.setHandler(sockets);
    }

    void start() throws Exception {
        server.start();
    }

    private static ConnectionFactory streams(AbstractHTTP2ServerConnectionFactory http2) {
        http2.setMaxConcurrentStreams(500);
        return http2;
    }

    private ServerConnector tls() {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setSslContext(Certificates.context());
        HttpConfiguration secure = new HttpConfiguration();
        secure.addCustomizer(new SecureRequestCustomizer());
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        ServerConnector connector =
                new ServerConnector(
                        server,
                        new SslConnectionFactory(context, alpn.getProtocol()),
                        alpn,
                        streams(new HTTP2ServerConnectionFactory(secure)),
                        new HttpConnectionFactory(secure));
        connector.setPort(TLS_PORT);
        return connector;
    }

    void stop() throws Exception {
        server.stop();
    }

    private static final class Resources extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback)
                throws Exception {
            String[] path = Request.getPathInContext(request).split("/");
            switch (path[1]) {
                case "echo" -> Content.copy(request, response, callback);
                case "bytes" -> {
                    byte[] body = Bodies.bytes(Long.parseLong(path[2]), Integer.parseInt(path[3]));
                    response.write(true, ByteBuffer.wrap(body), callback);
                }
                case "hash" -> {
                    String hash = Bodies.sha256(Content.Source.asInputStream(request));
                    Content.Sink.write(response, true, hash, callback);
                }
                case "never" -> {}
                default -> {
                    return false;
                }
            }
            return true;
        }
    }

    /// Sends back each message that it gets.
    public static final class EchoSocket extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketText(String message) {
            getSession()
                    .sendText(
                            message,
                            org.eclipse.jetty.websocket.api.Callback.from(() -> {}, e -> {}));
        }

        @Override
        public void onWebSocketBinary(
                ByteBuffer payload, org.eclipse.jetty.websocket.api.Callback callback) {
            getSession().sendBinary(payload, callback);
        }
    }
}
