package dev.linnet.jvm.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.jvm.agent.AgentJvm.Ran;
import dev.linnet.jvm.agent.programs.EverySocket;
import dev.linnet.jvm.agent.programs.Greeting;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentTest {
    @TempDir private Path dir;

    @Test
    void aProgramRunsAsItDoesWithout() throws Exception {
        Ran plain = AgentJvm.jvm().withoutAgent().input("in\n").run(Greeting.class, "exit", "7");
        Ran ran = AgentJvm.jvm().input("in\n").run(Greeting.class, "exit", "7");
        assertThat(ran).isEqualTo(plain);
        assertThat(ran.status()).isEqualTo(7);
        assertThat(ran.lines()).containsExactly("Hello exit 7", "in");
    }

    @Test
    void everyKindOfSocketIsOnLinnet() throws Exception {
        Path capture = dir.resolve("a.pcapng");
        Ran ran =
                AgentJvm.jvm()
                        .options(
                                "address=10.7.0.1/24;hostname=box;name=there=10.7.0.9;stats;pcap="
                                        + capture)
                        .flag("-Xverify:all")
                        .run(EverySocket.class, "there", dir + "");
        assertThat(ran.lines())
                .as(ran.err())
                .containsExactly(
                        "host box/10.7.0.1",
                        "name 10.7.0.9",
                        "reachable true",
                        "socket word",
                        "delegated word",
                        "channel word",
                        "datagram word",
                        "async word",
                        "unix word",
                        "file of the name true",
                        "file true");
        assertThat(ran.status()).isZero();
        assertThat(ran.err())
                .contains("linnet: host box", "  opened                          5\n")
                .containsPattern("TcpOutSegs +[1-9]");
        assertThat(Files.size(capture)).isGreaterThan(3_000_000);
    }

    @Test
    void itNeedsNoCommandLine() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        AgentJvm.jvm()
                                .withoutAgent()
                                .command(EverySocket.class, "localhost", dir + ""));
        builder.environment().put("JDK_JAVA_OPTIONS", "-javaagent:" + AgentJvm.jar());
        Ran ran = AgentJvm.run(builder, "");
        assertThat(ran.lines()).as(ran.err()).contains("host linnet/10.0.0.1", "file true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adress=10.0.0.1/24",
                "address=10.0.0.1/33",
                "sysctl=net.ipv4.tcp_nonsense=1",
                "route=0.0.0.0/0,via 10.9.9.9",
                "config=/no/such/file",
                "--address",
            })
    void whatIsWrongIsOneLineBeforeTheProgramBegins(String options) throws Exception {
        Ran ran = AgentJvm.jvm().options(options).run(Greeting.class);
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
        assertThat(ran.err()).startsWith("linnet: ");
    }

    /// Start-up time: nothing that the build has computed is computed again.
    @Test
    void theClassFileApiIsNotUsedAtStart() throws Exception {
        Ran ran = AgentJvm.jvm().flag("-Xlog:class+load").run(Greeting.class);
        assertThat(ran.out().contains("dev.linnet.jvm.agent.Recorded")).isTrue();
        assertThat(ran.out().contains("ClassEditor")).isFalse();
    }

    /// As in a JDK whose classes are not those of the build.
    @Test
    void whatIsNotRecordedIsComputed() throws Exception {
        Path jar = dir.resolve("other.jar");
        try (ZipFile from = new ZipFile(AgentJvm.jar().toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(
                        entry.getName().equals(Recorded.FILE)
                                ? nothingRecorded()
                                : from.getInputStream(entry).readAllBytes());
                to.closeEntry();
            }
        }
        Ran ran =
                AgentJvm.jvm()
                        .withoutAgent()
                        .flag("-javaagent:" + jar, "-Xlog:class+load", "-Xverify:all")
                        .run(EverySocket.class, "localhost", dir + "");
        assertThat(ran.out().contains("ClassEditor")).isTrue();
        assertThat(ran.out().contains("\nhost linnet/10.0.0.1\n")).isTrue();
        assertThat(ran.out().contains("\nfile true\n")).isTrue();
    }

    private static byte[] nothingRecorded() throws IOException {
        Recorded none = new Recorded();
        Rewritings.all().forEach(each -> none.add(each.owner(), new byte[0], new byte[0]));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        none.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    void aJdkWithoutSuchAMethodIsNamed() throws Exception {
        List<String> missing = new ArrayList<>();
        byte[] other;
        try (InputStream in = String.class.getResourceAsStream("/java/net/SocketImpl.class")) {
            other = in.readAllBytes();
        }
        ClassEditor.rewrite("java/net/NetworkInterface", other, missing);
        assertThat(missing)
                .contains(
                        "java.net.NetworkInterface.getByName(Ljava/lang/String;)Ljava/net/NetworkInterface;"
                                + " calling getByName0");
    }
}
