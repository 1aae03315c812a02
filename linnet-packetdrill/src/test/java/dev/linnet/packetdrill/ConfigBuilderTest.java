package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.linnet.packetdrill.ConfigBuilder.Option;
import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.script.Script;
import dev.linnet.packetdrill.script.ScriptParser;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigBuilderTest {
    private static List<Script.Option> script(String... lines) {
        return new ScriptParser("t").options(String.join("\n", lines) + "\n");
    }

    private static List<Option> commandLine(String... words) {
        return Stream.of(words).map(Option::of).toList();
    }

    private static Config build(IpMode mode, List<Script.Option> script, String... words) {
        return ConfigBuilder.build(mode, script, commandLine(words));
    }

    @Test
    void eachModeRunsWithoutAnyOption() {
        Config v4 = build(IpMode.IPV4, List.of());
        assertThat(v4.localIp()).isEqualTo(IpAddress.parse("192.168.0.1"));
        assertThat(v4.prefixLength()).isEqualTo(16);
        assertThat(v4.mtu()).isEqualTo(1500);
        assertThat(v4.toleranceUsecs()).isEqualTo(4000);
        assertThat(v4.remotePrefix()).isEqualTo("192.0.2.1/32");
        assertThat(v4.bindIp()).isEqualTo(v4.localIp());
        Config v6 = build(IpMode.IPV6, List.of());
        assertThat(v6.localIp().v6()).isTrue();
        assertThat(v6.mtu()).isEqualTo(1520);
        Config mapped = build(IpMode.IPV4_MAPPED_IPV6, List.of());
        assertThat(mapped.localIp()).isEqualTo(v4.localIp());
        assertThat(mapped.connectIp()).isEqualTo(IpAddress.parse("::ffff:192.0.2.1"));
    }

    @Test
    void commandLineWinsOverScriptOverDefault() {
        List<Script.Option> script = script("--mss=1000", "--tolerance_usecs=9000", "--mtu=1400");
        Config config = build(IpMode.IPV4, script, "mtu=1300", "tolerance_usecs=5000");
        assertThat(config.mss()).isEqualTo(1000);
        assertThat(config.toleranceUsecs()).isEqualTo(5000);
        assertThat(config.mtu()).isEqualTo(1300);
    }

    @Test
    void addressesForTheOtherVersionDoNotCount() {
        List<Script.Option> script =
                script("--local_ip=10.0.0.1", "--gateway_ip=10.0.0.2", "--remote_ip=10.1.0.0/24");
        Config v4 = build(IpMode.IPV4, script);
        assertThat(v4.localIp()).isEqualTo(IpAddress.parse("10.0.0.1"));
        assertThat(v4.remotePrefix()).isEqualTo("10.1.0.0/24");
        Config v6 = build(IpMode.IPV6, script);
        assertThat(v6.localIp()).isEqualTo(build(IpMode.IPV6, List.of()).localIp());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(IpMode.IPV6, List.of(), "local_ip=10.0.0.1"));
    }

    @Test
    void modeThatTheOptionsAskFor() {
        assertThat(ConfigBuilder.mode(List.of(), List.of())).isEqualTo(IpMode.IPV4);
        List<Script.Option> script = script("--ip_version=ipv6");
        assertThat(ConfigBuilder.mode(script, List.of())).isEqualTo(IpMode.IPV6);
        assertThat(ConfigBuilder.mode(script, commandLine("ip_version=ipv4")))
                .isEqualTo(IpMode.IPV4);
    }

    @Test
    void definitionsAddUp() {
        Config config = build(IpMode.IPV4, script("--define=A=1"), "define=B=two words");
        assertThat(config.defines()).containsEntry("A", "1").containsEntry("B", "two words");
    }

    @Test
    void flags() {
        Config config =
                build(IpMode.IPV4, script("--strict_segments"), "non_fatal=packet", "dry_run");
        assertThat(config.strictSegments()).isTrue();
        assertThat(config.nonFatalPacket()).isTrue();
        assertThat(config.nonFatalSyscall()).isFalse();
        assertThat(config.dryRun()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense            | unknown",
                "mtu                 | requires an argument",
                "strict_segments=1   | forbids an argument",
                "mtu=many            | bad --mtu: many",
                "mtu=-1              | bad --mtu: -1",
                "bind_port=65536     | bad --bind_port",
                "tolerance_percent=x | bad --tolerance_percent",
                "local_ip=10.0.0     | bad --local_ip",
                "local_ip=fd00::1    | bad --local_ip",
                "netmask_ip=255.0.255.0 | bad --netmask_ip",
                "remote_ip=1.2.3.4/33 | bad --remote_ip",
                "ip_version=ipv5     | ipv5",
                "define=A            | bad definition",
                "wire_server         | not supported",
            })
    void refuses(String option, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(IpMode.IPV4, List.of(), option))
                .withMessageContaining(message);
    }
}
