package dev.linnet.packetdrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.linnet.packetdrill.ConfigBuilder.Option;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketdrillArgumentsTest {
    private static PacketdrillCommand parse(String words) {
        return PacketdrillArguments.parse(List.of(words.split(" ")));
    }

    @Test
    void allOptions() {
        PacketdrillCommand command =
                parse(
                        "--on host --mode=ipv6,ipv4 -j 3 --junit r.xml --pcap dir -D A=1 -DB=2 -v"
                                + " --mss=1000 --strict_segments one.pkt two");
        assertThat(command.on()).isEqualTo("host");
        assertThat(command.modes()).containsExactly(IpMode.IPV6, IpMode.IPV4);
        assertThat(command.parallel()).isEqualTo(3);
        assertThat(command.junit()).contains(Path.of("r.xml"));
        assertThat(command.pcap()).contains(Path.of("dir"));
        assertThat(command.options())
                .containsExactly(
                        new Option("define", Optional.of("A=1")),
                        new Option("define", Optional.of("B=2")),
                        new Option("verbose", Optional.empty()),
                        new Option("mss", Optional.of("1000")),
                        new Option("strict_segments", Optional.empty()));
        assertThat(command.paths()).containsExactly(Path.of("one.pkt"), Path.of("two"));
    }

    @Test
    void defaults() {
        PacketdrillCommand command = parse("one.pkt");
        assertThat(command.on()).isEqualTo("linnet");
        assertThat(command.modes()).isEmpty();
        assertThat(command.parallel()).isPositive();
        assertThat(command.junit()).isEmpty();
        assertThat(command.options()).isEmpty();
    }

    @Test
    void allModes() {
        assertThat(parse("--mode all x").modes()).containsExactly(IpMode.values());
        assertThat(parse("-j7 x").parallel()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-v             | which scripts",
                "--on           | needs a value",
                "x -j           | needs a value",
                "x -j 0         | -j needs a number",
                "x -j two       | -j needs a number",
                "x --mode=ipv5  | ipv5",
                "x -q           | unknown",
            })
    void refuses(String words, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(words.strip()))
                .withMessageContaining(message);
    }

    private record Outcome(int status, String out, String err) {}

    private static Outcome main(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(List.of(words), new PrintWriter(out), new PrintWriter(err));
        return new Outcome(status, out.toString(), err.toString());
    }

    @Test
    void wrongUseIsOneLineAndStatus2(@TempDir Path directory) {
        String empty = directory.toString();
        assertThat(main("--frobnicate", empty))
                .isEqualTo(new Outcome(2, "", "packetdrill: option 'frobnicate' unknown\n"));
        assertThat(main("--on=moon", empty).status()).isEqualTo(2);
        assertThat(main(empty).err()).contains("there is no script");
        assertThat(main(directory.resolve("absent.pkt").toString()).err()).contains("absent.pkt");
        assertThat(main("--help").out()).startsWith("Usage: packetdrill");
    }

    @Test
    void aBadScriptFailsAndIsReportedInAllWays(@TempDir Path directory) throws Exception {
        Path good = Files.writeString(directory.resolve("a-good.pkt"), "0 close(3) = 0\n");
        Files.writeString(directory.resolve("b-bad.pkt"), "0 close(3) = 0\n+0 close(\n");
        Path junit = directory.resolve("report.xml");
        Outcome outcome =
                main("--dry_run", "--mode=all", "--junit=" + junit, "-j1", directory.toString());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines())
                .filteredOn(line -> line.startsWith("PASS"))
                .hasSize(3)
                .first()
                .asString()
                .contains(good + " (ipv4)");
        assertThat(outcome.out()).contains("b-bad.pkt:2:").endsWith("3 passed, 3 failed\n");
        assertThat(junit)
                .content()
                .contains("tests=\"6\" failures=\"3\" errors=\"0\"", "b-bad.pkt (ipv6)");
    }
}
