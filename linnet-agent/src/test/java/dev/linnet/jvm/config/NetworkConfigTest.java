package dev.linnet.jvm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.linnet.wire.Cidr;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkConfigTest {
    private static NetworkConfig parse(String... args) {
        return NetworkConfig.parse(List.of(args));
    }

    @Test
    void withoutOptionsThereIsOneAddress() {
        NetworkConfig config = parse();
        assertThat(config.addresses()).containsExactly(Cidr.parse("10.0.0.1/24"));
        assertThat(config.hostname()).isEqualTo("linnet");
        assertThat(config.device()).isEqualTo("eth0");
        assertThat(config.mtu()).isEqualTo(1500);
        assertThat(config.strict()).isTrue();
        assertThat(config.stats()).isFalse();
        assertThat(config.isCertain()).isTrue();
    }

    @Test
    void everyOption() {
        NetworkConfig config =
                parse(
                        "--address=10.9.0.1/24",
                        "--address",
                        "fd09::1/64",
                        "--route",
                        "default,via 10.9.0.7",
                        "--route=10.8.0.0/16,dev t0",
                        "--name",
                        "db=10.9.0.5",
                        "--dns",
                        "10.9.0.2",
                        "--hostname",
                        "box",
                        "--tun",
                        "t0",
                        "--mtu",
                        "1400",
                        "--link",
                        "delay=20ms,loss=1%,seed=7",
                        "--pcap",
                        "a b.pcapng",
                        "--sysctl",
                        "net.ipv4.tcp_rmem=4096 87380 100000",
                        "--stats",
                        "--no-strict");
        assertThat(config.addresses())
                .containsExactly(Cidr.parse("10.9.0.1/24"), Cidr.parse("fd09::1/64"));
        assertThat(config.hostAddresses())
                .containsExactly(Cidr.parse("10.9.0.2/24"), Cidr.parse("fd09::2/64"));
        assertThat(config.routes())
                .containsExactly(
                        new NetworkConfig.Route("0.0.0.0/0", "10.9.0.7", null),
                        new NetworkConfig.Route("10.8.0.0/16", null, "t0"));
        assertThat(config.names()).containsExactly(new NetworkConfig.Entry("db", "10.9.0.5"));
        assertThat(config.nameServers()).containsExactly("10.9.0.2");
        assertThat(config.hostname()).isEqualTo("box");
        assertThat(config.device()).isEqualTo("t0");
        assertThat(config.mtu()).isEqualTo(1400);
        assertThat(config.link().seed()).isEqualTo(7);
        assertThat(config.link().config().delayNs()).isEqualTo(20_000_000);
        assertThat(config.link().config().mtu()).isEqualTo(1400);
        assertThat(config.pcap()).isEqualTo(Path.of("a b.pcapng"));
        assertThat(config.sysctls())
                .containsExactly(new NetworkConfig.Entry("net.ipv4.tcp_rmem", "4096 87380 100000"));
        assertThat(config.stats()).isTrue();
        assertThat(config.strict()).isFalse();
        assertThat(config.isCertain()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "address=10.3.0.1/16;stats, 10.3.0.1/16, true, true",
        "'stats=true; strict=false ;--address=10.3.0.1/16', 10.3.0.1/16, true, false",
        "'--address\n10.3.0.1/16\n--no-strict\n', 10.3.0.1/16, false, false",
        "no-stats;, 10.0.0.1/24, false, true",
    })
    void whatIsBehindTheAgentsName(String text, String address, boolean stats, boolean strict) {
        NetworkConfig config = NetworkConfig.parseAgentArguments(text);
        assertThat(config.addresses()).containsExactly(Cidr.parse(address));
        assertThat(config.stats()).isEqualTo(stats);
        assertThat(config.strict()).isEqualTo(strict);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", ";", "\n"})
    void nothingIsTheDefault(String text) {
        assertThat(NetworkConfig.parseAgentArguments(text)).isEqualTo(parse());
    }

    @Test
    void aFileSaysTheSameAndIsReplacedByWhatIsSaidDirectly(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("n.conf");
        Files.writeString(
                file,
                """
                # two addresses
                address = 10.1.0.1/24
                address=10.2.0.1/24

                hostname = filed
                  name = a=10.1.0.2
                stats
                strict = false
                """);
        NetworkConfig config =
                parse("--config", file.toString(), "--hostname", "said", "--name", "b=10.1.0.3");
        assertThat(config.addresses())
                .containsExactly(Cidr.parse("10.1.0.1/24"), Cidr.parse("10.2.0.1/24"));
        assertThat(config.hostname()).isEqualTo("said");
        assertThat(config.names()).containsExactly(new NetworkConfig.Entry("b", "10.1.0.3"));
        assertThat(config.stats()).isTrue();
        assertThat(config.strict()).isFalse();
    }

    /// Each of them one line that says which option, and what to do.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--adress=10.0.0.1/24",
                "address",
                "--",
                "--address",
                "--address=",
                "--address=10.0.0",
                "--address=10.0.0.1/33",
                "--address=fe80::1/129",
                "--address=224.0.0.1/24",
                "--address=127.0.0.5/8",
                "--address=::1/64",
                "--address=0.0.0.0/8",
                "--address=10.0.0.1/24 --address=10.0.0.1/24",
                "--route=10.0.0.0/8",
                "--route=10.0.0.0/8,over_here",
                "--route=10.0.0.0/8,via x",
                "--route=ten,via 10.0.0.1",
                "--route=::/0,via 10.0.0.1",
                "--name=db",
                "--name==10.0.0.1",
                "--name=db=database",
                "--dns=dns.example",
                "--hostname=a_b",
                "--hostname=a --hostname=b",
                "--tun=t0",
                "--tun=t0 --address=10.0.0.1",
                "--tun=t0 --address=10.0.0.1/24 --host-address=10.0.0.2/31",
                "--tun=t0 --address=10.0.0.1/24 --host-address=10.0.0.2/24 --host-address=10.0.0.3/24",
                "--host-address=10.0.0.2/24",
                "--mtu=big",
                "--mtu=67",
                "--mtu=65536",
                "--mtu=1279 --address=fd00::1/64",
                "--link=delay",
                "--link=loss=101%",
                "--link=seed=x",
                "--link=mtu=9000",
                "--sysctl=net.ipv4.tcp_sack",
                "--config=/no/such/file",
                "--config=/",
                "--stats=maybe",
                "--no-address",
                "--strict --no-strict",
                "--scoped --address=10.0.0.1/24",
                "--scoped --stats",
            })
    void whatIsWrongIsOneLine(String line) {
        assertThatThrownBy(() -> parse(line.replace(",via_", ",via ").split(" (?=--)")))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @Test
    void ofAFileTheLineIsSaid(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("n.conf");
        Files.writeString(file, "stats\n\nmtu 9000\n");
        assertThatThrownBy(() -> parse("--config=" + file))
                .hasMessage(file + ", line 3: there is no option mtu 9000; see linnet run --help");
        Files.write(file, new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> parse("--config=" + file))
                .hasMessageContaining("it is not UTF-8 text");
        Files.writeString(file, "config = " + file);
        assertThatThrownBy(() -> parse("--config=" + file))
                .hasMessageContaining("a file cannot name another one");
    }

    // ---- any text at all
    // -----------------------------------------------------------------------------

    @Provide
    Arbitrary<String> line() {
        Arbitrary<String> label = Arbitraries.of(NetworkOption.values()).map(NetworkOption::label);
        Arbitrary<String> piece =
                Arbitraries.of(
                        "10.0.0.1",
                        "/24",
                        "fd00::1",
                        "::",
                        ",",
                        "via ",
                        "dev ",
                        "=",
                        "%",
                        "loss",
                        "delay=1ms",
                        "true",
                        "false",
                        "no-",
                        "#",
                        " ",
                        "65536",
                        "-1",
                        "seed=",
                        "e9");
        Arbitrary<String> value =
                Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(12), piece)
                        .list()
                        .ofMaxSize(4)
                        .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(label, Arbitraries.strings().ofMaxLength(8))
                .flatMap(
                        name ->
                                value.flatMap(
                                        v ->
                                                Arbitraries.of("=", " = ", " ", "")
                                                        .map(between -> name + between + v)));
    }

    /// Whatever a file has in it: a configuration, or one line that says what is wrong.
    @Property(tries = 500)
    void anyFileGivesAConfigurationOrOneLine(
            @ForAll("line") String first, @ForAll("line") String second) throws Exception {
        Path file = Files.createTempFile("linnet", ".conf");
        try {
            Files.writeString(file, first.replace("\n", "") + "\n" + second.replace("\n", ""));
            expectConfigurationOrOneLine(() -> parse("--config=" + file));
        } catch (java.nio.charset.CharacterCodingException e) {
            assertThat(e).isNotNull(); // half a character: no text, so no file
        } finally {
            Files.delete(file);
        }
    }

    /// The same for arguments.
    @Property(tries = 500)
    void anyArgumentsGiveAConfigurationOrOneLine(
            @ForAll("line") String first, @ForAll("line") String second) {
        expectConfigurationOrOneLine(() -> parse("--" + first, "--" + second));
        expectConfigurationOrOneLine(() -> NetworkConfig.parseAgentArguments(first + ";" + second));
    }

    private static void expectConfigurationOrOneLine(Runnable parse) {
        try {
            parse.run();
        } catch (ConfigException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(e.getMessage().lines()).as(e.getMessage()).hasSize(1);
        }
    }
}
