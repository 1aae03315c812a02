package dev.linnet.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.rmi.ConnectException;
import java.rmi.NotBoundException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.ExportException;
import java.rmi.server.UnicastRemoteObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// RMI: a registry, calls, exceptions, and objects that are called back.
@OnLinnet
class RmiTest {
    /// A port that one does not choose is kept until the JVM ends.
    private static final int OBJECT_PORT = 1100;

    private final List<Remote> exported = new ArrayList<>();
    private Registry registry;

    /// Idle connections are kept for 15 seconds unless one says otherwise; it is read once.
    @BeforeAll
    static void idleConnectionsAreClosedSoon() {
        System.setProperty("sun.rmi.transport.connectionTimeout", "500");
    }

    /// A service.
    public interface Library extends Remote {
        byte[] echo(byte[] data) throws RemoteException;

        void fail(String message) throws RemoteException;

        void subscribe(Reader reader) throws RemoteException;

        int announce(String news) throws RemoteException;
    }

    /// A client's object.
    public interface Reader extends Remote {
        void read(String news) throws RemoteException;
    }

    private static final class Shelves implements Library {
        private final List<Reader> readers = new ArrayList<>();

        @Override
        public byte[] echo(byte[] data) {
            return data;
        }

        @Override
        public void fail(String message) {
            throw new IllegalStateException(message);
        }

        @Override
        public synchronized void subscribe(Reader reader) {
            readers.add(reader);
        }

        @Override
        public synchronized int announce(String news) throws RemoteException {
            for (Reader reader : readers) {
                reader.read(news);
            }
            return readers.size();
        }
    }

    @BeforeEach
    void start() throws Exception {
        registry = LocateRegistry.createRegistry(Registry.REGISTRY_PORT);
        exported.add(registry);
        registry.bind("library", export(new Shelves()));
    }

    @AfterEach
    void stop() throws Exception {
        for (Remote one : exported) {
            UnicastRemoteObject.unexportObject(one, true);
        }
    }

    private Remote export(Remote object) throws RemoteException {
        Remote stub = UnicastRemoteObject.exportObject(object, OBJECT_PORT);
        exported.add(object);
        return stub;
    }

    private static Library library() throws Exception {
        Registry registry = LocateRegistry.getRegistry("localhost");
        assertThat(registry.list()).containsExactly("library");
        return (Library) registry.lookup("library");
    }

    @Test
    void callsAtOnce() throws Exception {
        Library library = library();
        Crowd.platform(
                500,
                50,
                i -> {
                    byte[] data = Bodies.bytes(i, 10 * i);
                    assertThat(library.echo(data)).isEqualTo(data);
                });
        byte[] large = Bodies.bytes(1, 4 << 20);
        assertThat(Bodies.sha256(library.echo(large))).isEqualTo(Bodies.sha256(large));
    }

    @Test
    void callbacks() throws Exception {
        Library library = library();
        BlockingQueue<String> read = new LinkedBlockingQueue<>();
        for (int i = 0; i < 10; i++) {
            Reader reader = read::add;
            library.subscribe((Reader) export(reader));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(library.announce("news " + i)).isEqualTo(10);
            for (int k = 0; k < 10; k++) {
                assertThat(read.poll(10, TimeUnit.SECONDS)).isEqualTo("news " + i);
            }
        }
    }

    @Test
    void exceptions() throws Exception {
        Library library = library();
        assertThatThrownBy(() -> library.fail("no such book"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no such book");
        Registry there = LocateRegistry.getRegistry("localhost");
        assertThatThrownBy(() -> there.lookup("archive")).isInstanceOf(NotBoundException.class);
        Registry nowhere = LocateRegistry.getRegistry("localhost", 4321);
        assertThatThrownBy(nowhere::list)
                .isInstanceOf(ConnectException.class)
                .hasRootCauseInstanceOf(java.net.ConnectException.class)
                .hasRootCauseMessage("Connection refused");
        assertThatThrownBy(() -> LocateRegistry.createRegistry(Registry.REGISTRY_PORT))
                .isInstanceOf(ExportException.class);
    }
}
