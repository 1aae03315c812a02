package dev.linnet.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@RequiresNamespaces
class HostNamespaceTest {
    private static final Callable<String> OWN =
            () -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();

    @Test
    void isApartFromTheProcessAndFromOthers() throws Exception {
        String process = OWN.call();
        try (HostNamespace one = HostNamespace.create();
                HostNamespace two = HostNamespace.create()) {
            String first = one.call(OWN);
            assertThat(first).startsWith("net:[").isNotEqualTo(process);
            assertThat(two.call(OWN)).isNotIn(first, process);
            assertThat(one.call(OWN)).isEqualTo(first);
            assertThat(OWN.call()).isEqualTo(process);
        }
    }

    @Test
    void hasALoopbackInterfaceThatIsUp() throws Exception {
        assertThat(HostNamespace.run(HostNamespaceTest::echoOverLoopback)).isEqualTo(42);
    }

    private static int echoOverLoopback() throws IOException {
        try (ServerSocket server = new ServerSocket(7, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket client = new Socket(server.getInetAddress(), 7);
                Socket accepted = server.accept()) {
            client.getOutputStream().write(42);
            return accepted.getInputStream().read();
        }
    }

    @Test
    void forkedTasksShareIt() throws Exception {
        try (HostNamespace namespace = HostNamespace.create()) {
            Future<String> forked = namespace.fork(OWN);
            assertThat(forked.get()).isEqualTo(namespace.call(OWN));
        }
    }

    @Test
    void forkedTasksRunWhileTheMainThreadIsBusy() throws Exception {
        try (HostNamespace namespace = HostNamespace.create()) {
            CountDownLatch latch = new CountDownLatch(1);
            Future<Void> waiting =
                    namespace.fork(
                            () -> {
                                latch.await();
                                return null;
                            });
            namespace.call(
                    () -> {
                        latch.countDown();
                        return null;
                    });
            waiting.get();
        }
    }

    @Test
    void programsInheritIt() throws Exception {
        try (HostNamespace namespace = HostNamespace.create()) {
            Process readlink = namespace.start(new ProcessBuilder("readlink", "/proc/self/ns/net"));
            assertThat(text(readlink)).isEqualTo(namespace.call(OWN) + "\n");
        }
    }

    @Test
    void programsEndWithIt() throws Exception {
        Process sleep;
        try (HostNamespace namespace = HostNamespace.create()) {
            sleep = namespace.start(new ProcessBuilder("sleep", "1000"));
            assertThat(sleep.isAlive()).isTrue();
        }
        assertThat(sleep.isAlive()).isFalse();
    }

    @Test
    void aMissingProgramIsAnIoException() throws Exception {
        try (HostNamespace namespace = HostNamespace.create()) {
            assertThatThrownBy(() -> namespace.start(new ProcessBuilder("/does/not/exist")))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void canBeJoinedByItsPath() throws Exception {
        try (HostNamespace namespace = HostNamespace.create();
                HostNamespace joined = HostNamespace.join(namespace.path())) {
            assertThat(joined.call(OWN)).isEqualTo(namespace.call(OWN));
        }
    }

    @Test
    void refusesToJoinWhatIsNoNamespace() {
        assertThatThrownBy(() -> HostNamespace.join(Path.of("/does/not/exist")))
                .isInstanceOfSatisfying(
                        HostException.class,
                        e -> assertThat(e.errno()).isEqualTo(HostErrno.ENOENT));
        assertThatThrownBy(() -> HostNamespace.join(Path.of("/proc/self/ns/uts")))
                .isInstanceOfSatisfying(
                        HostException.class,
                        e -> assertThat(e.errno()).isEqualTo(HostErrno.EINVAL));
    }

    @Test
    void aTaskMayCallForAPartOfItself() throws Exception {
        try (HostNamespace namespace = HostNamespace.create()) {
            assertThat(namespace.call(() -> namespace.call(() -> 1))).isEqualTo(1);
        }
    }

    @Test
    void rethrowsWhatTheTaskThrows() throws Exception {
        IOException failure = new IOException("from inside");
        try (HostNamespace namespace = HostNamespace.create()) {
            assertThatThrownBy(
                            () ->
                                    namespace.call(
                                            () -> {
                                                throw failure;
                                            }))
                    .isSameAs(failure);
        }
    }

    @Test
    void closingReportsATaskThatDoesNotEnd() throws Exception {
        HostNamespace namespace = HostNamespace.create();
        CountDownLatch latch = new CountDownLatch(1);
        Future<Void> stuck =
                namespace.fork(
                        () -> {
                            latch.await();
                            return null;
                        });
        assertThatThrownBy(namespace::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("still run");
        latch.countDown();
        stuck.get();
    }

    @Test
    void leavesNoDescriptorBehind() throws Exception {
        HostNamespace.run(() -> 0);
        Map<String, Integer> before = OpenFiles.count();
        for (int i = 0; i < 20; i++) {
            HostNamespace.run(() -> 0);
        }
        assertThat(OpenFiles.count()).isEqualTo(before);
    }

    @Test
    void withoutTheRightSaysWhatIsNeeded() throws Exception {
        assertThatThrownBy(
                        () ->
                                HostNamespace.run(
                                        () -> Privileges.callWithoutAdmin(HostNamespace::create)))
                .hasRootCauseInstanceOf(HostException.class)
                .rootCause()
                .hasMessageContaining("EPERM")
                .hasMessageContaining("needs CAP_SYS_ADMIN: run as root");
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
