package dev.linnet.packetdrill.host;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.ConfigBuilder;
import dev.linnet.packetdrill.IpMode;
import dev.linnet.packetdrill.run.ScriptRun;
import dev.linnet.packetdrill.script.ScriptParser;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.state.Trace;
import dev.linnet.packetdrill.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Makes the interpreter fast before the first script: a virtual machine is slow at what it does
/// for the first time, and a script notices milliseconds. A connection is opened, used and reset on
/// the real kernel, over and over.
final class WarmUp {
    private static final int ROUNDS = 120;

    /// Everything that most scripts do. No time is checked: a tolerance of a minute covers it all.
    private static final String ROUND =
            """
            +0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
            +0 bind(3, ..., ...) = 0
            +0 listen(3, 1) = 0
            +.0002 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop>
            +0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK>
            +0 < . 1:1(0) ack 1 win 32792
            +0 accept(3, ..., ...) = 4
            +0 %{ assert tcpi_state == TCP_ESTABLISHED and tcpi_snd_cwnd >= 1, tcpi_state }%
            +0 write(4, ..., 1000) = 1000
            +0 > P. 1:1001(1000) ack 1
            +0 < P. 1:101(100) ack 1001 win 32792
            +0 > . 1001:1001(0) ack 101
            +0...0.010 read(4, ..., 1000) = 100
            +0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0
            +0 read(4, ..., 1000) = -1 EAGAIN (Resource temporarily unavailable)
            +0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1
            +0 < R. 101:101(0) ack 1001 win 32792
            +0 close(4) = 0
            +0 close(3) = 0
            """;

    private WarmUp() {}

    /// Runs the rounds in a namespace of their own. What comes of them does not matter.
    static void run() {
        String script =
                "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 9\n"
                        + IntStream.range(0, ROUNDS)
                                .mapToObj(_ -> ROUND)
                                .collect(Collectors.joining());
        Config config =
                ConfigBuilder.build(
                        IpMode.IPV4,
                        List.of(),
                        List.of(ConfigBuilder.Option.of("tolerance_usecs=60000000")));
        ScriptRun run =
                ScriptRun.prepare(new ScriptParser("warm-up").parse(script, Map.of()), false);
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        Thread thread =
                Thread.ofPlatform()
                        .name("packetdrill-warm-up")
                        .start(
                                () -> {
                                    try (Target target = new HostTarget(config, directory)) {
                                        RunState state =
                                                RunState.of(
                                                        config, directory, target, new Trace(null));
                                        run.run(state, (_, _, _) -> {})
                                                .ifPresent(System.err::println);
                                    }
                                });
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
