package dev.linnet.jvm.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.jvm.agent.AgentJvm.Ran;
import dev.linnet.jvm.agent.programs.StrictProbes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StrictModeTest {
    private static final String ARROW = " -> ";

    private static AgentJvm jvm(String options) {
        return AgentJvm.jvm()
                .options(options)
                .flag("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED")
                .flag("--add-exports=java.base/sun.net.sdp=ALL-UNNAMED")
                .flag("--add-opens=java.base/java.net=ALL-UNNAMED")
                .flag("--enable-native-access=ALL-UNNAMED");
    }

    /// With a socket of the machine as its standard input.
    private static List<String> probe(String options) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(List.of("bash", "-c"));
            command.add("exec \"$@\" 0<>/dev/tcp/127.0.0.1/" + server.getLocalPort());
            command.add("bash");
            command.addAll(jvm(options).command(StrictProbes.class));
            Ran ran = AgentJvm.run(new ProcessBuilder(command), "");
            assertThat(ran.status()).as(ran.toString()).isZero();
            return ran.lines();
        }
    }

    @Test
    void everyPathThrowsAndNamesItself() throws Exception {
        List<String> lines = probe("");
        assertThat(lines).hasSize(12);
        for (String line : lines) {
            String path = pathOf(line);
            assertThat(line.substring(line.indexOf(ARROW)))
                    .contains(
                            "Linnet's strict mode: " + path + " would use this machine's network");
        }
    }

    @Test
    void withoutItTheyAreOpen() throws Exception {
        List<String> lines = probe("strict=false");
        assertThat(lines).hasSize(12).noneMatch(line -> line.contains("strict mode"));
        assertThat(lines)
                .contains(
                        "sun.nio.ch.Net.socket -> open sun.nio.ch.SocketChannelImpl",
                        "sun.nio.ch.Net.serverSocket -> open sun.nio.ch.ServerSocketChannelImpl",
                        "System.inheritedChannel -> open sun.nio.ch.InheritedChannel$InheritedSocketChannelImpl");
    }

    /// Of the threads of such a JVM that are on no host of Linnet's.
    @Test
    void scopedItConcernsOnlyThreadsOfLinnet() throws Exception {
        assertThat(probe("scoped")).hasSize(12).noneMatch(line -> line.contains("strict mode"));
    }

    @Test
    void theGuideListsThem() throws Exception {
        Set<String> listed = new LinkedHashSet<>();
        for (String line : Files.readAllLines(Path.of("../docs/run.md"))) {
            if (line.startsWith("| `") && line.endsWith("| refused |")) {
                listed.add(line.substring(3, line.indexOf('`', 3)));
            }
        }
        Set<String> probed = new LinkedHashSet<>();
        for (String line : probe("")) {
            probed.add(pathOf(line).replace("the JDK's built-in resolver (", "").replace(")", ""));
        }
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(
                        probed.stream().map(StrictModeTest::shortName).toList());
    }

    private static String pathOf(String line) {
        String path = line.substring(0, line.indexOf(ARROW));
        return path.replace(" (datagrams)", "").replace(" (asynchronous)", "");
    }

    private static String shortName(String path) {
        return path.startsWith("the native library ") ? "System.loadLibrary" : path;
    }
}
