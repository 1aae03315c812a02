package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ZooKeeper, its server and clients of it in one process: sessions, watches, and a server that starts again.
@OnLinnet
@SuppressWarnings("try") // ZooKeeper.close may be interrupted; nobody does
class ZooKeeperTest {
    private static final int PORT = 2181;
    private static final String SERVERS = "localhost:" + PORT;

    @TempDir private Path dir;
    private ServerCnxnFactory connections;

    @BeforeAll
    static void withoutPreallocationAndWithWords() {
        System.setProperty("zookeeper.preAllocSize", "64"); // KiB
        System.setProperty("zookeeper.4lw.commands.whitelist", "ruok,srvr");
        System.setProperty("zookeeper.admin.enableServer", "false");
    }

    @BeforeEach
    void start() throws Exception {
        connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress(PORT), 500);
        connections.startup(new ZooKeeperServer(dir.toFile(), dir.toFile(), 500));
    }

    @AfterEach
    void stop() {
        connections.shutdown();
    }

    private static ZooKeeper connect() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client =
                new ZooKeeper(
                        SERVERS,
                        10_000,
                        event -> {
                            if (event.getState() == KeeperState.SyncConnected) {
                                connected.countDown();
                            }
                        });
        assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
        return client;
    }

    @Test
    void manyClients() throws Exception {
        List<ZooKeeper> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            clients.add(connect());
        }
        ZooKeeper first = clients.getFirst();
        first.create("/all", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        Crowd.platform(
                clients.size(),
                clients.size(),
                i -> {
                    for (int k = 0; k < 20; k++) {
                        clients.get(i)
                                .create(
                                        "/all/node-",
                                        Bodies.bytes(i, 100 * k),
                                        Ids.OPEN_ACL_UNSAFE,
                                        CreateMode.EPHEMERAL_SEQUENTIAL);
                    }
                });
        assertThat(first.getChildren("/all", false)).hasSize(600);
        byte[] large = Bodies.bytes(9, 900_000);
        first.create("/large", large, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        assertThat(clients.getLast().getData("/large", false, new Stat())).isEqualTo(large);
        assertThatThrownBy(() -> first.getData("/none", false, new Stat()))
                .isInstanceOf(KeeperException.NoNodeException.class);
        for (ZooKeeper client : clients.subList(1, clients.size())) {
            client.close();
        }
        assertThat(first.getChildren("/all", false)).hasSize(20);
        first.close();
    }

    @Test
    void asynchronousCallsArePipelined() throws Exception {
        try (ZooKeeper client = connect()) {
            List<CompletableFuture<String>> made = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                CompletableFuture<String> one = new CompletableFuture<>();
                made.add(one);
                client.create(
                        "/n" + i,
                        Bodies.bytes(i, 200),
                        Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT,
                        (code, path, context, name) -> one.complete(name),
                        null);
            }
            for (int i = 0; i < made.size(); i++) {
                assertThat(made.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("/n" + i);
            }
        }
    }

    @Test
    void watchesSeeWhatOthersDo() throws Exception {
        try (ZooKeeper watcher = connect();
                ZooKeeper other = connect()) {
            BlockingQueue<WatchedEvent> seen = new LinkedBlockingQueue<>();
            for (int i = 0; i < 50; i++) {
                assertThat(watcher.exists("/w" + i, seen::add)).isNull();
            }
            for (int i = 0; i < 50; i++) {
                other.create("/w" + i, new byte[10], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            }
            for (int i = 0; i < 50; i++) {
                WatchedEvent event = seen.poll(20, TimeUnit.SECONDS);
                assertThat(event.getType()).isEqualTo(EventType.NodeCreated);
                assertThat(event.getPath()).isEqualTo("/w" + i);
            }
        }
    }

    @Test
    void aSessionOutlivesARestartOfTheServer() throws Exception {
        try (ZooKeeper client = connect()) {
            client.create("/kept", new byte[] {1}, Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            long session = client.getSessionId();
            connections.shutdown();
            start();
            assertThat(patiently(() -> client.getData("/kept", false, new Stat())))
                    .containsExactly(1);
            assertThat(client.getSessionId()).isEqualTo(session);
        }
        assertThat(word("ruok")).isEqualTo("imok");
        assertThat(word("srvr")).contains("Zookeeper version", "Node count");
    }

    private interface Request {
        byte[] run() throws Exception;
    }

    /// Asks again while the connection is being made again.
    private static byte[] patiently(Request request) throws Exception {
        for (int tries = 0; ; tries++) {
            try {
                return request.run();
            } catch (KeeperException.ConnectionLossException e) {
                assertThat(tries).isLessThan(20);
            }
        }
    }

    private static String word(String word) throws IOException {
        try (Socket socket = new Socket("localhost", PORT)) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
