package dev.linnet.packetdrill.linnet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.ConfigBuilder;
import dev.linnet.packetdrill.IpMode;
import dev.linnet.packetdrill.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command lines of scripts, on a stack.
class LinnetCommandsTest {
    @TempDir private Path directory;
    private Target target;
    private final List<String> printed = new ArrayList<>();

    @BeforeEach
    void open() {
        Config config = ConfigBuilder.build(IpMode.IPV4, List.of(), List.of());
        target = new LinnetTargets().open(config, directory);
    }

    @AfterEach
    void close() {
        target.close();
    }

    private int run(String line) {
        printed.clear();
        return target.shell(line, printed::add);
    }

    private String output(String line) {
        assertThat(run(line)).as(line + ": " + printed).isZero();
        return String.join("\n", printed);
    }

    @Test
    void sysctls() {
        assertThat(output("sysctl net.ipv4.tcp_sack")).isEqualTo("net.ipv4.tcp_sack = 1");
        assertThat(output("sysctl -n net/ipv4/tcp_sack")).isEqualTo("1");
        assertThat(output("sysctl -q -w net.ipv4.tcp_sack=0 net.ipv4.tcp_fack=1 2>/dev/null; true"))
                .isEmpty();
        assertThat(output("cat /proc/sys/net/ipv4/tcp_sack")).isEqualTo("0");
        assertThat(output("echo 1 > /proc/sys/net/ipv4/tcp_sack; sysctl -n net.ipv4.tcp_sack"))
                .isEqualTo("1");
        assertThat(output("sysctl -w net.ipv4.tcp_rmem='4096 100000 200000'"))
                .isEqualTo("net.ipv4.tcp_rmem = 4096 100000 200000");
        assertThat(run("sysctl -q net.ipv4.no_such_thing=1")).isNotZero();
        assertThat(printed).singleElement().asString().contains("no_such_thing");
        assertThat(run("sysctl -q net.ipv4.tcp_sack=many")).isNotZero();
    }

    @Test
    void setSysctlsAndWhatSetsThemBack() {
        assertThat(
                        output(
                                "./set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0"
                                        + " /proc/sys/net/ipv4/tcp_timestamps=0"))
                .isEmpty();
        assertThat(output("cat /proc/sys/net/ipv4/tcp_sack")).isEqualTo("0");
        assertThat(output("/tmp/sysctl_restore_${PPID}.sh; cat /proc/sys/net/ipv4/tcp_sack"))
                .isEqualTo("1");
        assertThat(output("cat /proc/sys/net/ipv4/tcp_timestamps")).isEqualTo("1");
    }

    @Test
    void scriptFilesAndPlaceholdersOfLinks() throws Exception {
        Files.writeString(directory.resolve("defaults.sh"), "sysctl -q net.ipv4.tcp_sack=0\n");
        Path nested = Files.createDirectories(directory.resolve("common"));
        Files.writeString(nested.resolve("defaults.sh"), "../defaults.sh");
        assertThat(output("common/defaults.sh\nsysctl -n net.ipv4.tcp_sack")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip link set dev tun0 mtu 1300",
                "ip link set tun0 gso_max_segs 2",
                "ip link set dev tun0 gso_max_size 3000",
                "ip addr add 10.9.9.9/24 dev tun0",
                "ip addr add 10.9.9.8/24 dev tun0 && ip addr del 10.9.9.8/24 dev tun0",
                "ip -6 addr add fd00::8/64 dev tun0 && ip addr del fd00::8/64 dev tun0",
                "ip route flush cache",
                "ip route add 10.8.0.0/16 via 192.168.0.1 dev tun0 initcwnd 3",
                "ip route change 192.0.2.1 via 192.168.0.1 dev tun0 advmss 1040",
                "ip route replace 192.0.2.1 dev tun0 mtu lock 1200 rto_min 50ms",
                "ip tcp_metrics flush all > /dev/null 2>&1",
                "tc qdisc add dev tun0 root pfifo",
                "tc qdisc replace dev tun0 root pfifo limit 0",
                "ethtool -K tun0 tso off gso off gro off",
                "nstat -n",
                "ss -tin",
            })
    void commandsThatScriptsUse(String line) {
        assertThat(output(line)).satisfies(out -> assertThat(out).doesNotContain("error"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frobnicate            | 127 | frobnicate: command not found",
                "ip link set dev tun9 mtu 1300 | 1 | tun9",
                "ip link set dev tun0 mtu | 1 | a word is missing",
                "ip link set dev tun0 mtu x | 1 | x",
                "ip route change 10.0.0.0/8 dev tun0 nonsense 1 | 1 | nonsense",
                "ip netns add x        | 1 | netns",
                "ip addr del 10.9.9.7/24 dev tun0 | 1 | EADDRNOTAVAIL",
                "tc qdisc add dev tun0 root fq_codel2 | 2 | fq_codel2",
                "ethtool -K tun0 lro on | 1 | lro",
                "nstat -x              | 1 | nstat",
                "ss -t dst 10.0.0.1    | 1 | filters",
                "sleep soon            | 1 | seconds",
            })
    void whatIsNotKnownIsNamed(String line, int status, String message) {
        assertThat(run(line)).isEqualTo(status);
        assertThat(String.join("\n", printed)).contains(message.strip());
    }

    @Test
    void sleepTakesVirtualTime() {
        long before = target.nowUsecs();
        output("sleep 0.25; sleep 3600");
        assertThat(target.nowUsecs() - before).isEqualTo(3_600_250_000L);
    }

    /// A command in the background goes on while the script does, in virtual time as well.
    @Test
    void theBackgroundSleepsInVirtualTime() {
        assertThat(output("(sleep 0.1; sysctl -q net.ipv4.tcp_sack=0; echo set) &")).isEmpty();
        assertThat(output("sleep 0.05; sysctl -n net.ipv4.tcp_sack")).isEqualTo("1");
        assertThat(output("sleep 0.06; sysctl -n net.ipv4.tcp_sack")).isEqualTo("0\nset");
        long before = target.nowUsecs();
        assertThat(output("sleep 5 & sleep 7 & wait; echo done")).isEqualTo("done");
        assertThat(target.nowUsecs() - before).isEqualTo(7_000_000L);
    }

    @Test
    void countersSinceTheyWereLastAsked() {
        output("nstat -n");
        assertThat(output("nstat")).isEqualTo("#kernel");
        assertThat(output("nstat -az TcpRetrans* TcpExtTCPTimeouts"))
                .containsPattern("TcpRetransSegs +0 +0.0")
                .containsPattern("TcpExtTCPTimeouts +0 +0.0")
                .doesNotContain("IpInReceives");
        assertThat(output("cat /proc/net/netstat")).contains("TcpExt: SyncookiesSent");
        assertThat(output("grep -c Tcp: /proc/net/snmp")).isEqualTo("2");
    }
}
