package dev.linnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private record Ran(int status, String out, String err) {}

    private static Ran run(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream toOut = new ByteArrayOutputStream();
        ByteArrayOutputStream toErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(toOut, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(toErr, true, StandardCharsets.UTF_8));
        try {
            int status = Main.run(args);
            return new Ran(
                    status,
                    toOut.toString(StandardCharsets.UTF_8),
                    toErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void withoutArgumentsItHelps() {
        Ran ran = run();
        assertThat(ran.status).isZero();
        assertThat(ran.out).contains("Usage: linnet", "demo", "serve", "Start with: linnet demo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "demo --seed x",
                "demo --size 0",
                "demo --link delay=20",
                "demo --link los=1%",
                "demo --link loss=200%",
                "demo --color blue",
                "demo --nonsense",
                "serve",
                "serve --tun linnet0 --address 10.9.0.1 --dir .",
                "serve --tun linnet0 --address 10.9.0.1/24 --dir /no/such/directory",
                "serve --tun linnet0 --address 10.9.0.1/24 --dir . --port 0",
                "serve --tun linnet0 --address 10.9.0.1/24 --dir . --mtu 100",
            })
    void wrongArgumentsGiveOneLineAndStatusTwo(String line) {
        Ran ran = run(line.split(" "));
        assertThat(ran.status).as(ran.err).isEqualTo(2);
        List<String> lines = ran.err.lines().toList();
        assertThat(lines).as(ran.err).hasSize(1);
        assertThat(lines.getFirst()).startsWith("linnet").contains("--help");
    }
}
