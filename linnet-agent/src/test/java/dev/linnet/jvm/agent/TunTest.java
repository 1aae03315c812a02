package dev.linnet.jvm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.linnet.host.HostCapabilities;
import dev.linnet.jvm.agent.AgentJvm.Ran;
import dev.linnet.jvm.agent.programs.EchoClient;
import dev.linnet.jvm.agent.programs.EchoServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A program on Linnet and one on the kernel of a namespace talk over a TUN device.
class TunTest {
    /// Each argument is a command, its words separated by spaces: the server, then the client.
    private static final String BOTH =
            """
            ip link set lo up
            $1 & server=$!
            $2
            wait $server
            """;

    private static Ran both(List<String> server, List<String> client) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", BOTH, "sh"));
        command.add(String.join(" ", server));
        command.add(String.join(" ", client));
        return AgentJvm.run(new ProcessBuilder(command), "");
    }

    private static AgentJvm linnet(String more) {
        return AgentJvm.jvm()
                .options("tun=lt0;address=10.9.0.1/24" + more)
                .flag("--enable-native-access=ALL-UNNAMED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";link=delay=5ms,rate=100mbit,seed=3"})
    void theMachineReachesTheProgram(String more) throws Exception {
        assumeTrue(HostCapabilities.canUseTun(), HostCapabilities.tun().reason());
        Ran ran =
                both(
                        linnet(more).command(EchoServer.class, "10.9.0.1"),
                        AgentJvm.jvm().withoutAgent().command(EchoClient.class, "10.9.0.1"));
        assertThat(ran).isEqualTo(new Ran(0, "over the wire\n", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";link=delay=5ms"})
    void theProgramReachesTheMachine(String more) throws Exception {
        assumeTrue(HostCapabilities.canUseTun(), HostCapabilities.tun().reason());
        Ran ran =
                both(
                        AgentJvm.jvm().withoutAgent().command(EchoServer.class, "0.0.0.0"),
                        linnet(more).command(EchoClient.class, "10.9.0.2"));
        assertThat(ran).isEqualTo(new Ran(0, "over the wire\n", ""));
    }
}
