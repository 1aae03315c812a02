package dev.linnet.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.linnet.jvm.JvmHost;
import dev.linnet.sim.Link;
import dev.linnet.stack.Host;
import dev.linnet.stack.Stack;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import dev.linnet.wire.pcapng.CapturedPacket;
import dev.linnet.wire.pcapng.PcapngReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/// What the extension says of tests that fail, and of mistakes in what they ask for: each is run by a JUnit of its own.
@Timeout(60)
class FailingTestsTest {
    @TempDir private Path directory;

    private EngineExecutionResults run(DiscoverySelector selector, String... parameters) {
        EngineTestKit.Builder kit =
                EngineTestKit.engine("junit-jupiter")
                        .selectors(selector)
                        .configurationParameter("linnet.capture.dir", directory.toString())
                        .outputDirectoryCreator(new OutputIn(directory.resolve("junit")));
        for (int i = 0; i < parameters.length; i += 2) {
            kit.configurationParameter(parameters[i], parameters[i + 1]);
        }
        return kit.execute();
    }

    private static DiscoverySelector method(Class<?> type, String name) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(m -> m.getName().equals(name))
                .map(m -> selectMethod(type, m))
                .findFirst()
                .orElseThrow();
    }

    private static Throwable failure(EngineExecutionResults results) {
        List<Throwable> all =
                results.allEvents().failed().stream().map(FailingTestsTest::failure).toList();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private static Throwable failure(Event event) {
        return event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    private static String report(Throwable failure) {
        List<String> all =
                Stream.of(failure.getSuppressed())
                        .filter(NetworkFailure.class::isInstance)
                        .map(Throwable::getMessage)
                        .toList();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).map(directory::relativize).sorted().toList();
        }
    }

    private Path captureOf(Class<?> type, String name) {
        return directory.resolve(type.getName()).resolve(name + ".pcapng");
    }

    // ---- failing
    // ------------------------------------------------------------------------------------

    /// A connection over a link, and whatever happens then.
    private static void exchange(TestNetwork network, Task client, Task server) {
        int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(server.bind(listener, SockAddr.parse("0.0.0.0:80"))).isZero();
        server.listen(listener, 1);
        int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(client.connect(fd, network.address("server", 80))).isZero();
        client.write(fd, ByteBuffer.wrap("not read".getBytes()));
    }

    @LinnetNetwork(link = "delay=20ms", time = LinnetNetwork.Time.VIRTUAL)
    static class Failing {
        @Test
        void fails(TestNetwork network, Task client, Task server) {
            exchange(network, client, server);
            network.stack().sleep(100_000_000);
            fail("on purpose");
        }

        @Test
        void passes(TestNetwork network, Task client, Task server) {
            exchange(network, client, server);
        }

        @Test
        void isAborted(TestNetwork network, Task client, Task server) {
            exchange(network, client, server);
            Assumptions.abort("not today");
        }
    }

    @Test
    void aFailureSaysWhatHappenedAndWhereTheCaptureIs() throws IOException {
        EngineExecutionResults results = run(method(Failing.class, "fails"), "linnet.seed", "42");
        Throwable failure = failure(results);
        assertThat(failure).hasMessage("on purpose");
        Path capture = captureOf(Failing.class, "fails");
        assertThat(report(failure))
                .contains("seed 42, virtual time; the same again with seed = 42")
                .contains("hosts: client 10.0.0.1, server 10.0.0.2")
                .contains("links: client --- delay=20ms --- server")
                .contains("capture: " + capture)
                .contains("server tcp TCP_LISTEN 0.0.0.0:80 <-> 0.0.0.0:0, not read 1")
                .contains("client tcp TCP_ESTABLISHED 10.0.0.1:")
                .contains("TcpActiveOpens 1")
                .contains("TcpPassiveOpens 1");
        assertThat(
                        results.allEvents().reportingEntryPublished().stream()
                                .flatMap(
                                        e ->
                                                e
                                                        .getRequiredPayload(
                                                                org.junit.platform.engine.reporting
                                                                        .ReportEntry.class)
                                                        .getKeyValuePairs()
                                                        .entrySet()
                                                        .stream())
                                .map(Object::toString))
                .contains("linnet.seed=42", "linnet.capture=" + capture);
        assertThat(directory.resolve("junit/fails.pcapng")).hasSameBinaryContentAs(capture);
        assertThatCaptureShowsTheExchange(capture);
    }

    private static void assertThatCaptureShowsTheExchange(Path file) throws IOException {
        try (PcapngReader reader =
                new PcapngReader(new BufferedInputStream(Files.newInputStream(file)))) {
            List<CapturedPacket> packets = reader.readAll();
            assertThat(reader.interfaces())
                    .extracting("name")
                    .containsExactly("client/lo", "client/eth0", "server/lo", "server/eth0");
            assertThat(packets).hasSizeGreaterThan(10);
            Set<Integer> at = new HashSet<>();
            packets.forEach(packet -> at.add(packet.interfaceId()));
            assertThat(at).containsExactlyInAnyOrder(1, 3);
            assertThat(
                            packets.stream()
                                    .map(
                                            p ->
                                                    new String(
                                                            p.data(),
                                                            java.nio.charset.StandardCharsets
                                                                    .ISO_8859_1)))
                    .filteredOn(bytes -> bytes.contains("not read"))
                    .hasSize(2);
        }
    }

    @Test
    void aTestThatPassesOrIsAbortedLeavesNothing() throws IOException {
        assertThat(run(method(Failing.class, "passes")).testEvents().succeeded().count()).isOne();
        assertThat(run(method(Failing.class, "isAborted")).testEvents().aborted().count()).isOne();
        assertThat(files()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameCapture() throws IOException {
        run(method(Failing.class, "fails"), "linnet.seed", "7");
        byte[] first = Files.readAllBytes(captureOf(Failing.class, "fails"));
        run(method(Failing.class, "fails"), "linnet.seed", "7");
        assertThat(captureOf(Failing.class, "fails")).hasBinaryContent(first);
        run(method(Failing.class, "fails"), "linnet.seed", "8"); // another sequence number at least
        assertThat(Files.readAllBytes(captureOf(Failing.class, "fails"))).isNotEqualTo(first);
    }

    @LinnetNetwork(time = LinnetNetwork.Time.VIRTUAL)
    static class Stuck {
        @Test
        void waitsForNobody(Task server) {
            int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            server.listen(listener, 1);
            server.accept(listener);
        }
    }

    @Test
    void virtualTimeThatStandsStillIsAFailure() {
        Throwable failure = failure(run(selectClass(Stuck.class)));
        assertThat(failure)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("virtual time stands still");
        assertThat(report(failure)).contains("server tcp TCP_LISTEN 0.0.0.0:");
        assertThat(failure.getSuppressed()).hasSize(1);
    }

    static class Several {
        @LinnetNetwork
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void invocations(int number, TestNetwork network, Task client, Task server) {
            exchange(network, client, server);
            assertThat(number).isEqualTo(2);
        }

        @LinnetNetwork(captureMiB = 0, seed = 3)
        @Test
        void withoutCapture(TestNetwork network, Task client, Task server) {
            exchange(network, client, server);
            fail("on purpose");
        }
    }

    @Test
    void eachInvocationHasItsFile() throws IOException {
        EngineExecutionResults results = run(selectClass(Several.class));
        assertThat(results.testEvents().failed().count()).isEqualTo(3);
        assertThat(
                        results.testEvents().failed().stream()
                                .map(FailingTestsTest::failure)
                                .map(FailingTestsTest::report))
                .anyMatch(
                        text -> text.contains("seed 3, real time\n") && !text.contains("capture:"));
        assertThat(files())
                .filteredOn(file -> !file.startsWith("junit"))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("invocations-1.pcapng", "invocations-3.pcapng");
    }

    @LinnetNetwork(captureMiB = 1)
    static class MuchTraffic {
        @Test
        void fails(TestNetwork network, Task client, Task server, Stack stack) {
            int listener = server.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            server.bind(listener, SockAddr.parse("0.0.0.0:80"));
            server.listen(listener, 1);
            int fd = client.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            client.connect(fd, network.address("server", 80));
            int accepted = server.accept(listener);
            ByteBuffer chunk = ByteBuffer.allocate(30_000);
            for (int i = 0; i < 100; i++) {
                client.write(fd, chunk);
                for (int n = 0; n < 30_000; ) {
                    n += server.read(accepted, ByteBuffer.allocate(30_000));
                }
            }
            fail("on purpose");
        }
    }

    @Test
    void theLastPacketsAreKept() throws IOException {
        Throwable failure = failure(run(selectClass(MuchTraffic.class)));
        assertThat(report(failure)).contains(", the last of ");
        Path file = captureOf(MuchTraffic.class, "fails");
        assertThat(Files.size(file)).isBetween(400L << 10, 1L << 20);
        try (PcapngReader reader =
                new PcapngReader(new BufferedInputStream(Files.newInputStream(file)))) {
            assertThat(reader.readAll()).hasSizeGreaterThan(10);
        }
    }

    // ---- what is wrong without an exception of the test's
    // ------------------------------------------------

    static class Careless {
        @LinnetNetwork
        @Test
        void threadFails(JvmHost server, Stack stack) throws InterruptedException {
            Thread thread = server.start("worker", () -> fail("nobody joins it"));
            thread.join();
        }

        @LinnetNetwork(mustClose = true)
        @Test
        void leavesADescriptorOpen(Task server) {
            server.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        }
    }

    @Test
    void aThreadThatFailsMakesTheTestFail() {
        Throwable failure = failure(run(method(Careless.class, "threadFails")));
        assertThat(failure)
                .hasMessageContaining("thread worker ended with")
                .hasMessageContaining("nobody joins it");
        assertThat(report(failure)).contains("real time");
    }

    @Test
    void descriptorsThatAreLeftOpen() {
        assertThat(failure(run(method(Careless.class, "leavesADescriptorOpen"))))
                .hasMessage("process server on host server was left with 1 descriptor open");
    }

    // ---- mistakes
    // -----------------------------------------------------------------------------------

    static class Mistakes {
        @Test
        @LinnetNetwork
        void unknownHost(Host proxy) {}

        @Test
        @LinnetNetwork(links = @LinnetLink(between = {"a", "b", "c"}))
        void noCable(Link link) {}

        @Test
        @LinnetNetwork(hosts = {@LinnetHost(name = "a"), @LinnetHost(name = "a")})
        void twice() {}

        @Test
        @LinnetNetwork(hosts = @LinnetHost(name = "a"), links = @LinnetLink(between = {"a", "b"}))
        void linkToNobody() {}

        @Test
        @LinnetNetwork(link = "dely=3ms")
        void linkConfig() {}

        @Test
        @LinnetNetwork(sysctls = "net.ipv4.tcp_sak=1")
        void sysctl() {}

        @Test
        @LinnetNetwork(sysctls = "net.ipv4.tcp_sack=much")
        void sysctlValue() {}

        @Test
        @LinnetNetwork(
                hosts = {@LinnetHost(name = "a", address = "10.0.0.1/24"), @LinnetHost(name = "b")})
        void halfOfTheAddresses() {}

        @Test
        @LinnetNetwork(
                hosts = {@LinnetHost(name = "a", routes = "somewhere"), @LinnetHost(name = "b")})
        void route() {}

        @Test
        @LinnetNetwork(
                hosts = {
                    @LinnetHost(name = "a", address = "10.0.0.300/24"),
                    @LinnetHost(name = "b", address = "10.0.0.2/24")
                })
        void address() {}

        @Test
        @LinnetNetwork(scope = LinnetNetwork.Scope.CLASS)
        void classScope() {}

        @Test
        @LinnetNetwork(on = "proxy")
        void on() {}

        @Test
        @LinnetNetwork(agent = true)
        void agent() {}
    }

    static Stream<Object[]> mistakes() {
        return Stream.of(
                new Object[] {
                    "unknownHost",
                    "parameter Host proxy: no host has that name; name it after one, or say @On(HOST):"
                            + " there is client, server"
                },
                new Object[] {
                    "noCable",
                    "parameter Link link: there is not one link but a --- b --- c; say @On({HOST, HOST}),"
                            + " or ask for a Switch"
                },
                new Object[] {"twice", "@LinnetNetwork: there are two hosts a"},
                new Object[] {
                    "linkToNobody",
                    "@LinnetNetwork: the link between a and b: there is no host b, only a"
                },
                new Object[] {
                    "linkConfig",
                    "@LinnetNetwork: link: unknown setting 'dely'; there are delay, jitter"
                },
                new Object[] {
                    "sysctl",
                    "@LinnetNetwork: 'net.ipv4.tcp_sak=1' on host client: there is no such sysctl"
                },
                new Object[] {
                    "sysctlValue", "@LinnetNetwork: 'net.ipv4.tcp_sack=much' on host client: EINVAL"
                },
                new Object[] {
                    "halfOfTheAddresses",
                    "@LinnetNetwork: the link between a and b: only a has an address for it"
                },
                new Object[] {
                    "route",
                    "@LinnetNetwork: route 'somewhere' of host a is not as '10.2.0.0/16 via 10.0.0.254'"
                },
                new Object[] {"address", "@LinnetNetwork: "},
                new Object[] {"classScope", "@LinnetNetwork(scope = CLASS) belongs on a class"},
                new Object[] {
                    "on", "@LinnetNetwork: on: there is no host proxy, only client, server"
                },
                new Object[] {"agent", "-javaagent:PATH/linnet.jar=scoped"});
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesAreNamed(String method, String message) {
        assertThat(failure(run(method(Mistakes.class, method)))).hasMessageContaining(message);
    }

    @LinnetNetwork
    static class TooEarly {
        @BeforeAll
        static void before(Host client) {}

        @Test
        void test() {}
    }

    @Test
    void beforeAllHasNoNetworkOfATest() {
        assertThat(failure(run(selectClass(TooEarly.class))))
                .hasMessageContaining("each test method has a network of its own")
                .hasMessageContaining("scope = CLASS");
    }

    @Test
    void aSeedThatIsNoNumber() {
        assertThat(failure(run(method(Failing.class, "passes"), "linnet.seed", "seven")))
                .hasMessageContaining("linnet.seed is 'seven', not a number");
    }

    // ---- in parallel
    // --------------------------------------------------------------------------------

    @LinnetNetwork
    @Execution(ExecutionMode.CONCURRENT)
    static class Parallel {
        /// Neither test goes on before both have their port.
        private static final CountDownLatch BOTH = new CountDownLatch(2);

        @Test
        void one(TestNetwork network, Task client, Task server) throws InterruptedException {
            meet(network, client, server);
        }

        @Test
        void two(TestNetwork network, Task client, Task server) throws InterruptedException {
            meet(network, client, server);
        }

        private static void meet(TestNetwork network, Task client, Task server)
                throws InterruptedException {
            exchange(network, client, server);
            BOTH.countDown();
            assertThat(BOTH.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void testsWithTheSamePortRunAtOnce() {
        EngineExecutionResults results =
                run(
                        selectClass(Parallel.class),
                        "junit.jupiter.execution.parallel.enabled",
                        "true",
                        "junit.jupiter.execution.parallel.config.strategy",
                        "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism",
                        "2");
        assertThat(results.testEvents().succeeded().count()).isEqualTo(2);
    }
}
