package dev.linnet.jvm.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.jvm.JvmHost;
import dev.linnet.stack.Stack;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SocketType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Names from the table and from a name server on the same host, through `InetAddress` and at the door of it.
@Timeout(60)
class NamesTest {
    private static final LookupPolicy ANY =
            LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV4_FIRST);

    private Stack stack;
    private JvmHost jvm;
    private NameServer server;

    @BeforeEach
    void open() {
        stack = Stack.create(1);
        jvm = new JvmHost(stack.newHost("alpha"));
        server = new NameServer();
    }

    @AfterEach
    void balance() throws Exception {
        server.end();
        assertThat(jvm.task().openFds()).isEmpty();
        jvm.close();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private List<String> addresses(String name) throws UnknownHostException {
        return jvm.names().lookup(name, ANY).stream().map(InetAddress::getHostAddress).toList();
    }

    // ---- the table
    // ----------------------------------------------------------------------------------

    @Test
    void theTableServesInetAddress() throws Exception {
        jvm.names().add("Web", "10.0.0.7", "fd00::7");
        jvm.call(
                () -> {
                    InetAddress[] all = InetAddress.getAllByName("web");
                    assertThat(all)
                            .extracting(InetAddress::getHostAddress)
                            .containsExactly("10.0.0.7", "fd00:0:0:0:0:0:0:7");
                    assertThat(all[0].getHostName()).isEqualTo("web");
                    byte[] raw = {10, 0, 0, 7};
                    assertThat(InetAddress.getByAddress(raw).getHostName()).isEqualTo("web");
                    assertThat(InetAddress.getByAddress(raw).getCanonicalHostName())
                            .isEqualTo("web");
                    return null;
                });
    }

    @Test
    void hostsDoNotGetEachOthersAnswers() throws Exception {
        try (JvmHost other = new JvmHost(stack.newHost("beta"))) {
            jvm.names().add("db", "10.0.0.1");
            other.names().add("db", "10.0.0.2");
            for (int i = 0; i < 2; i++) {
                assertThat(jvm.call(() -> InetAddress.getByName("db").getHostAddress()))
                        .isEqualTo("10.0.0.1");
                assertThat(other.call(() -> InetAddress.getByName("db").getHostAddress()))
                        .isEqualTo("10.0.0.2");
            }
        }
    }

    @Test
    void orderAndFamiliesAreThoseOfThePolicy() throws Exception {
        jvm.names().add("x", "fd00::1", "10.0.0.1");
        assertThat(addresses("x")).containsExactly("10.0.0.1", "fd00:0:0:0:0:0:0:1");
        LookupPolicy v6 = LookupPolicy.of(LookupPolicy.IPV6);
        assertThat(jvm.names().lookup("x", v6)).hasSize(1);
        LookupPolicy v6First =
                LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV6_FIRST);
        assertThat(jvm.names().lookup("x", v6First).getFirst().getHostAddress())
                .isEqualTo("fd00:0:0:0:0:0:0:1");
    }

    @Test
    void itsOwnNameAndLocalhost() throws Exception {
        assertThat(addresses("alpha")).contains("127.0.0.1");
        assertThat(addresses("LocalHost.")).containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(jvm.names().localHost().getHostName()).isEqualTo("alpha");
        assertThat(jvm.names().reverse(new byte[] {127, 0, 0, 1})).isEqualTo("localhost");
    }

    @Test
    void whatNobodyKnows() {
        assertThatThrownBy(() -> jvm.call(() -> InetAddress.getByName("nobody.example")))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("nobody.example: Name or service not known");
        assertThatThrownBy(() -> jvm.names().reverse(new byte[] {10, 9, 9, 9}))
                .isInstanceOf(UnknownHostException.class);
    }

    // ---- a name server
    // ------------------------------------------------------------------------------

    @Test
    void bothFamiliesAliasesAndReverse() throws Exception {
        server.start(true);
        server.add("www.example", DnsMessage.CNAME, name("host.example"));
        server.add("host.example", DnsMessage.A, 10, 1, 2, 3);
        server.add(
                "host.example", DnsMessage.AAAA, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9);
        server.add("3.2.1.10.in-addr.arpa", DnsMessage.PTR, name("host.example"));
        assertThat(addresses("www.example")).containsExactly("10.1.2.3", "fd00:0:0:0:0:0:0:9");
        assertThat(jvm.names().reverse(new byte[] {10, 1, 2, 3})).isEqualTo("host.example");
        byte[] raw = {10, 1, 2, 3};
        assertThat(jvm.call(() -> InetAddress.getByAddress(raw).getHostName()))
                .isEqualTo("host.example");
        int asked = server.asked.get();
        assertThat(addresses("www.example")).hasSize(2);
        assertThat(server.asked.get()).as("kept").isEqualTo(asked);
    }

    @Test
    void searchDomains() throws Exception {
        server.start(true);
        server.add("db.corp.example", DnsMessage.A, 10, 0, 0, 5);
        jvm.names().setSearch("none.example", "corp.example");
        assertThat(addresses("db")).containsExactly("10.0.0.5");
        assertThatThrownBy(() -> addresses("db.")).hasMessage("db.: Name or service not known");
    }

    @Test
    void whatServersSay() throws Exception {
        server.start(true);
        server.add("mail.example", DnsMessage.CNAME, name("empty.example"));
        server.add("empty.example", 16, 0);
        assertThatThrownBy(() -> addresses("no.example"))
                .hasMessage("no.example: Name or service not known");
        assertThatThrownBy(() -> addresses("empty.example"))
                .hasMessage("empty.example: No address associated with hostname");
        assertThatThrownBy(() -> addresses("mail.example"))
                .hasMessage("mail.example: No address associated with hostname");
        assertThatThrownBy(() -> addresses("a..b")).hasMessage("a..b: Name or service not known");
        assertThatThrownBy(() -> addresses("x".repeat(64) + ".example"))
                .hasMessageEndingWith("Name or service not known");
    }

    @Test
    void anAnswerThatDoesNotFitComesOverTcp() throws Exception {
        server.start(true);
        for (int i = 0; i < 60; i++) {
            server.add("many.example", DnsMessage.A, 10, 2, 0, i);
        }
        assertThat(addresses("many.example")).hasSize(60).contains("10.2.0.59");
    }

    @Test
    void aServerThatIsSilentAndOneThatIsNotThere() throws Exception {
        jvm.names().setTimeout(Duration.ofMillis(20), 2);
        server.start(false);
        long start = System.nanoTime();
        assertThatThrownBy(() -> addresses("www.example"))
                .hasMessage("www.example: Temporary failure in name resolution");
        assertThat(System.nanoTime() - start).isGreaterThan(40_000_000L);
        assertThat(server.asked.get()).isEqualTo(4);
    }

    @Test
    void thePortThatNobodyListensOnIsPassedOver() throws Exception {
        jvm.names().addServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5));
        server.start(true);
        server.add("a.example", DnsMessage.A, 10, 0, 0, 1);
        assertThat(addresses("a.example")).containsExactly("10.0.0.1");
    }

    private static int[] name(String name) {
        byte[] raw = DnsMessage.query(0, name, 0);
        int[] out = new int[raw.length - 16];
        Arrays.setAll(out, i -> raw[12 + i]);
        return out;
    }

    /// A name server on a socket of the host: UDP to 512 bytes, and TCP.
    private final class NameServer {
        private final Map<String, Map<Integer, List<int[]>>> records = new HashMap<>();
        private final AtomicInteger asked = new AtomicInteger();
        private boolean answers;
        private int udp = -1;
        private int tcp = -1;
        private Thread[] threads = {};

        void add(String name, int type, int... data) {
            records.computeIfAbsent(name, n -> new HashMap<>())
                    .computeIfAbsent(type, t -> new java.util.ArrayList<>())
                    .add(data);
        }

        void start(boolean answers) {
            this.answers = answers;
            udp = jvm.task().socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
            tcp = jvm.task().socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
            SockAddr at = new SockAddrIn(5353, 0x7f00_0001);
            assertThat(jvm.task().bind(udp, at)).isZero();
            assertThat(jvm.task().bind(tcp, at)).isZero();
            assertThat(jvm.task().listen(tcp, 5)).isZero();
            jvm.names().addServer(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5353));
            threads =
                    new Thread[] {
                        stack.start("udp", this::serveUdp), stack.start("tcp", this::serveTcp)
                    };
        }

        void end() throws InterruptedException {
            for (Thread thread : threads) {
                thread.interrupt();
                thread.join();
            }
            if (udp >= 0) {
                jvm.task().close(udp);
                jvm.task().close(tcp);
            }
        }

        private void serveUdp() {
            ByteBuffer in = ByteBuffer.allocate(512);
            SockAddr[] from = new SockAddr[1];
            int n;
            while ((n = jvm.task().recvfrom(udp, in, 0, from)) >= 0) {
                asked.incrementAndGet();
                byte[] reply = reply(Arrays.copyOf(in.array(), n), 512);
                if (answers) {
                    jvm.task().sendto(udp, ByteBuffer.wrap(reply), 0, from[0]);
                }
            }
        }

        private void serveTcp() {
            int fd;
            while ((fd = jvm.task().accept(tcp)) >= 0) {
                ByteBuffer in = ByteBuffer.allocate(512);
                int n = jvm.task().recv(fd, in, 0);
                byte[] reply = reply(Arrays.copyOfRange(in.array(), 2, n), 65535);
                ByteBuffer out = ByteBuffer.allocate(reply.length + 2);
                out.putShort((short) reply.length).put(reply).flip();
                jvm.task().send(fd, out, 0);
                jvm.task().close(fd);
            }
        }

        private byte[] reply(byte[] question, int max) {
            question[2] |= (byte) 0x80;
            DnsMessage parsed = DnsMessage.parse(question, question.length);
            Map<Integer, List<int[]>> ofName = records.get(parsed.question());
            ByteBuffer out = ByteBuffer.allocate(8192).put(question);
            if (ofName == null) {
                out.put(3, (byte) DnsMessage.NXDOMAIN);
            } else {
                answer(out, ofName, parsed.type());
            }
            if (out.position() > max) {
                out.put(2, (byte) (out.get(2) | 2)).position(question.length);
            }
            return Arrays.copyOf(out.array(), out.position());
        }

        private void answer(ByteBuffer out, Map<Integer, List<int[]>> ofName, int type) {
            int given = ofName.containsKey(type) ? type : DnsMessage.CNAME;
            List<int[]> found = ofName.getOrDefault(given, List.of());
            for (int[] data : found) {
                out.putShort((short) 0xc00c).putShort((short) given).putShort((short) 1);
                out.putInt(60).putShort((short) data.length);
                for (int b : data) {
                    out.put((byte) b);
                }
            }
            out.putShort(6, (short) found.size());
        }
    }
}
