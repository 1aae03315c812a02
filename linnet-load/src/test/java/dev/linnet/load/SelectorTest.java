package dev.linnet.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Fifty thousand connections on one selector, both ends of each: 100,000 keys and one thread.
class SelectorTest {
    private static final int CONNECTIONS = 50_000;
    private static final int ADDRESSES = 4;
    private static final int BATCH = 500;
    private static final int FEW = 100;
    private static final long SEED = 20_261_120;

    /// A selection that gives nothing for so long means that a wake-up was lost.
    private static final long PATIENCE_MS = 5_000;

    /// The client's end of a connection.
    private static final class Client {
        final int id;
        final SocketChannel channel;
        boolean connected;
        int answers;

        Client(int id, SocketChannel channel) {
            this.id = id;
            this.channel = channel;
        }
    }

    private final List<Client> clients = new ArrayList<>(CONNECTIONS);
    private final List<SocketChannel> servers = new ArrayList<>(CONNECTIONS);
    private final BitSet answered = new BitSet(CONNECTIONS);
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Integer.BYTES);
    private int connected;
    private int ends;

    @Test
    void fiftyThousandConnections() throws Exception {
        try (Ledger ledger = Ledger.open()) {
            try (Selector selector = Selector.open();
                    ServerSocketChannel listener = ServerSocketChannel.open()) {
                listener.bind(new InetSocketAddress(0), 2 * BATCH);
                listener.configureBlocking(false);
                listener.register(selector, SelectionKey.OP_ACCEPT);
                connectAll(selector, listener.socket().getLocalPort());
                assertThat(selector.keys()).hasSize(2 * CONNECTIONS + 1);
                assertThat(ledger.descriptors()).isGreaterThanOrEqualTo(2 * CONNECTIONS + 2);
                exchangeAll(selector);
                exchangeFew(selector);
                closeAll(selector);
            }
            assertThat(ledger.descriptors()).isZero();
        }
    }

    private void connectAll(Selector selector, int port) throws IOException {
        for (int id = 0; id < CONNECTIONS; id++) {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Client client = new Client(id, channel);
            clients.add(client);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, client);
            if (channel.connect(new InetSocketAddress("127.0.0." + (1 + id % ADDRESSES), port))) {
                connected(key, client);
            }
            if ((id + 1) % BATCH == 0) {
                while (connected <= id || servers.size() <= id) {
                    turn(selector);
                }
            }
        }
    }

    /// All at once: each connection carries its number there and back.
    private void exchangeAll(Selector selector) throws IOException {
        answered.clear();
        for (Client client : clients) {
            send(client);
        }
        while (answered.cardinality() < CONNECTIONS) {
            turn(selector);
        }
        assertThat(selector.selectNow()).isZero();
        assertThat(clients).allMatch(client -> client.answers == 1);
    }

    /// A few of the many: only they are selected, and all of them.
    private void exchangeFew(Selector selector) throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < FEW; round++) {
            answered.clear();
            BitSet asked = new BitSet(CONNECTIONS);
            while (asked.cardinality() < FEW) {
                Client client = clients.get(random.nextInt(CONNECTIONS));
                if (!asked.get(client.id)) {
                    asked.set(client.id);
                    send(client);
                }
            }
            while (answered.cardinality() < FEW) {
                turn(selector);
            }
            assertThat(answered).isEqualTo(asked);
        }
    }

    /// Half is closed by the clients, half by the servers, in any order; each other end sees it.
    private void closeAll(Selector selector) throws IOException {
        List<SocketChannel> first = new ArrayList<>(CONNECTIONS);
        for (Client client : clients) {
            if (client.id % 2 == 0) {
                first.add(client.channel);
            }
        }
        for (SocketChannel server : servers) {
            if (((InetSocketAddress) server.getLocalAddress()).getAddress().getAddress()[3] % 2
                    == 0) { // the odd numbers are connected to even addresses
                first.add(server);
            }
        }
        Collections.shuffle(first, new Random(SEED));
        assertThat(first).hasSize(CONNECTIONS);
        for (SocketChannel channel : first) {
            channel.close();
        }
        while (ends < CONNECTIONS) {
            turn(selector);
        }
        selector.selectNow();
        assertThat(selector.keys()).hasSize(1);
    }

    private void turn(Selector selector) throws IOException {
        assertThat(selector.select(PATIENCE_MS))
                .as("keys, %d connected, %d answered", connected, answered.cardinality())
                .isPositive();
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isAcceptable()) {
                accept(key);
            } else if (key.isConnectable()) {
                Client client = (Client) key.attachment();
                assertThat(client.channel.finishConnect()).isTrue();
                connected(key, client);
            } else {
                read(key);
            }
        }
        selector.selectedKeys().clear();
    }

    private void accept(SelectionKey key) throws IOException {
        ServerSocketChannel listener = (ServerSocketChannel) key.channel();
        for (SocketChannel server; (server = listener.accept()) != null; ) {
            server.configureBlocking(false);
            server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            server.register(key.selector(), SelectionKey.OP_READ);
            servers.add(server);
        }
    }

    private void connected(SelectionKey key, Client client) {
        assertThat(client.connected).isFalse();
        client.connected = true;
        connected++;
        key.interestOps(SelectionKey.OP_READ);
    }

    private void send(Client client) throws IOException {
        buffer.clear().putInt(client.id).flip();
        assertThat(client.channel.write(buffer)).isEqualTo(Integer.BYTES);
    }

    private void read(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        int n = channel.read(buffer.clear());
        if (n < 0) {
            channel.close();
            ends++;
            return;
        }
        assertThat(n).isEqualTo(Integer.BYTES);
        buffer.flip();
        if (key.attachment() instanceof Client client) {
            assertThat(buffer.getInt()).isEqualTo(client.id);
            client.answers++;
            answered.set(client.id);
        } else {
            channel.write(buffer);
        }
    }
}
