package dev.linnet.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.linnet.jvm.JvmHost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Code that knows nothing of Linnet, on hosts of a test: this JVM has the agent in its scoped mode.
@Timeout(60)
@LinnetNetwork(agent = true, mustClose = true, link = "delay=2ms")
class WithAgentTest {
    private static final int PORT = 80;

    @RepeatedTest(2)
    void newSockets(JvmHost client, JvmHost server) throws Exception {
        try (ServerSocket listener = server.call(() -> new ServerSocket(PORT))) {
            server.start("echo", () -> echo(listener));
            try (Socket socket = client.call(() -> new Socket("server", PORT))) {
                assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("10.0.0.2");
                socket.getOutputStream().write(42);
                socket.shutdownOutput();
                assertThat(socket.getInputStream().readAllBytes()).containsExactly(42);
            }
        }
    }

    private static void echo(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void channels(JvmHost client, JvmHost server) throws Exception {
        InetSocketAddress address = server.call(() -> new InetSocketAddress("server", PORT));
        try (ServerSocketChannel listener =
                        server.call(() -> ServerSocketChannel.open().bind(address));
                SocketChannel channel = client.call(() -> SocketChannel.open(address));
                SocketChannel accepted = listener.accept()) {
            channel.write(ByteBuffer.wrap(new byte[1000]));
            assertThat(accepted.read(ByteBuffer.allocate(2000))).isEqualTo(1000);
        }
    }

    @Test
    void datagrams(JvmHost client, JvmHost server) throws Exception {
        try (DatagramSocket to = server.call(() -> new DatagramSocket(PORT));
                DatagramSocket from = client.call(() -> new DatagramSocket())) {
            InetAddress address = client.call(() -> InetAddress.getByName("server"));
            from.send(new DatagramPacket(new byte[7], 7, address, PORT));
            DatagramPacket got = new DatagramPacket(new byte[100], 100);
            to.receive(got);
            assertThat(got.getLength()).isEqualTo(7);
            assertThat(got.getAddress().getHostAddress()).isEqualTo("10.0.0.1");
        }
    }

    @Test
    void httpServerAndClient(JvmHost client, JvmHost server) throws Exception {
        byte[] page = "a page".getBytes(StandardCharsets.UTF_8);
        HttpServer http = server.call(() -> HttpServer.create(new InetSocketAddress(PORT), 0));
        http.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, page.length);
                    exchange.getResponseBody().write(page);
                    exchange.close();
                });
        server.run(http::start);
        try (ExecutorService threads = client.call(Executors::newCachedThreadPool);
                HttpClient agent =
                        client.call(() -> HttpClient.newBuilder().executor(threads).build())) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://server/")).build();
            HttpResponse<String> answer =
                    client.call(() -> agent.send(request, HttpResponse.BodyHandlers.ofString()));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("a page");
        }
        http.stop(0);
    }

    @Test
    void interfacesAndNames(JvmHost client, JvmHost server) throws Exception {
        assertThat(client.call(InetAddress::getLocalHost).toString()).isEqualTo("client/10.0.0.1");
        assertThat(server.call(() -> NetworkInterface.getByName("eth0").inetAddresses().toList()))
                .contains(InetAddress.ofLiteral("10.0.0.2"));
        assertThat(client.call(() -> InetAddress.getByName("server").isReachable(1000))).isTrue();
    }

    @Test
    void aThreadWithoutAHostIsOnTheMachinesNetwork(JvmHost client) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket listener = new ServerSocket(0, 1, loopback);
                Socket socket = new Socket(loopback, listener.getLocalPort())) {
            assertThat(socket.isConnected()).isTrue();
            assertThatThrownBy(
                            () -> client.call(() -> new Socket(loopback, listener.getLocalPort())))
                    .isInstanceOf(ConnectException.class);
        }
    }
}
