package dev.linnet.jvm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.jvm.JvmHost;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunningNetworkTest {
    private static RunningNetwork start(String... args) {
        return RunningNetwork.start(NetworkConfig.parse(List.of(args)));
    }

    @Test
    void theHostIsWhatWasAskedFor() throws Exception {
        try (RunningNetwork network =
                start(
                        "--address=10.1.0.1/24",
                        "--address=fd01::1/64",
                        "--mtu=1400",
                        "--hostname=box",
                        "--name=db=10.1.0.9",
                        "--sysctl=net.ipv4.tcp_sack=0",
                        "--route=default,via 10.1.0.254")) {
            assertThat(network.host().interfaces()).containsExactly("lo", "eth0");
            assertThat(network.host().device("eth0").mtu).isEqualTo(1400);
            assertThat(network.host().sysctl("net.ipv4.tcp_sack").strip()).isEqualTo("0");
            assertThat(network.jvm().names().localHost()).hasToString("box/10.1.0.1");
            assertThat(roundTripMs(network.jvm(), "fd01::1")).isLessThan(5000);
        }
    }

    @Test
    void aLinkTakesItsTimeTwice() throws Exception {
        try (RunningNetwork network = start("--link=delay=60ms,rate=10mbit,seed=1")) {
            assertThat(network.host().device("lo").mtu).isEqualTo(1500);
            assertThat(roundTripMs(network.jvm(), "10.0.0.1")).isBetween(120.0, 5000.0);
        }
    }

    /// Of one byte there and back, in the host's own time.
    private static double roundTripMs(JvmHost jvm, String address) throws Exception {
        try (ServerSocketChannel server = jvm.selectorProvider().openServerSocketChannel()) {
            server.bind(new InetSocketAddress(address, 0));
            try (SocketChannel client = jvm.selectorProvider().openSocketChannel()) {
                client.connect(server.getLocalAddress());
                try (SocketChannel accepted = server.accept()) {
                    long start = jvm.host().stack().nowNs();
                    client.write(ByteBuffer.allocate(1));
                    accepted.read(ByteBuffer.allocate(1));
                    accepted.write(ByteBuffer.allocate(1));
                    client.read(ByteBuffer.allocate(1));
                    return (jvm.host().stack().nowNs() - start) / 1e6;
                }
            }
        }
    }

    @Test
    void theSummaryCountsConnections() throws Exception {
        try (RunningNetwork network = start()) {
            roundTripMs(network.jvm(), "10.0.0.1");
            assertThat(network.summary())
                    .startsWith("linnet: host linnet\n")
                    .containsPattern("opened +1\n")
                    .containsPattern("accepted +1\n")
                    .containsPattern("TcpInSegs +[1-9]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--sysctl=net.ipv4.tcp_nonsense=1, cannot set net.ipv4.tcp_nonsense to '1': No such file",
        "--sysctl=net.ipv4.tcp_sack=x, cannot set net.ipv4.tcp_sack to 'x': Invalid argument",
        "'--route=10.9.0.0/16,via 10.8.0.1', cannot add route 10.9.0.0/16 via 10.8.0.1",
        "'--route=10.9.0.0/16,dev eth7', has no interface eth7",
        "--pcap=/no/such/directory/file, cannot write /no/such/directory/file",
    })
    void whatCannotBeHadIsOneLine(String option, String why) {
        assertThatThrownBy(() -> start(option))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void theGuideHasTheTableOfOptions() throws Exception {
        assertThat(Files.readString(Path.of("../docs/run.md"))).contains(NetworkOption.table());
    }
}
