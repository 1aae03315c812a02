package dev.linnet.packetdrill;

import dev.linnet.packetdrill.RunResult.Failure;
import dev.linnet.packetdrill.RunResult.Verdict;
import dev.linnet.packetdrill.run.ScriptRun;
import dev.linnet.packetdrill.script.Event.Direction;
import dev.linnet.packetdrill.script.Script;
import dev.linnet.packetdrill.script.ScriptException;
import dev.linnet.packetdrill.script.ScriptParser;
import dev.linnet.packetdrill.script.Source;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.state.Trace;
import dev.linnet.packetdrill.target.Target;
import dev.linnet.packetdrill.target.TargetException;
import dev.linnet.packetdrill.target.TargetFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs scripts on a target, each on a kernel of its own. Any number of threads may use one runner.
public final class ScriptRunner {
    private final TargetFactory targets;
    private final List<ConfigBuilder.Option> commandLine;
    private final PacketLog packetLog;

    private final @Nullable Consumer<String> listener;

    /// A runner with options that win over those of the scripts.
    public ScriptRunner(TargetFactory targets, List<ConfigBuilder.Option> commandLine) {
        this(targets, commandLine, PacketLog.NONE, null);
    }

    /// A runner that also logs packets, and tells what happens.
    ///
    /// @param listener gets a line for each event of a script that runs with `--verbose`
    public ScriptRunner(
            TargetFactory targets,
            List<ConfigBuilder.Option> commandLine,
            PacketLog packetLog,
            @Nullable Consumer<String> listener) {
        this.targets = targets;
        this.commandLine = List.copyOf(commandLine);
        this.packetLog = packetLog;
        this.listener = listener;
    }

    /// The target that this runner uses.
    public String targetName() {
        return targets.name();
    }

    /// Runs a script in the mode that its options ask for.
    public RunResult run(Path script) {
        return run(script, null);
    }

    /// Runs a script in a mode.
    ///
    /// @param mode null for the one that its options ask for
    public RunResult run(Path script, @Nullable IpMode mode) {
        String text;
        try {
            text = Files.readString(script);
        } catch (IOException e) {
            IpMode shown = mode == null ? IpMode.IPV4 : mode;
            Failure failure = failure(null, "cannot read the script: " + e);
            return bad(script, shown, Verdict.ERROR, failure, System.nanoTime());
        }
        return run(script, text, mode);
    }

    /// Runs a text as if it were what stands in the file `script`, which need not be there; the
    /// commands of the script run in its directory.
    ///
    /// @param mode null for the one that its options ask for
    public RunResult run(Path script, String text, @Nullable IpMode mode) {
        long begin = System.nanoTime();
        IpMode shown = mode == null ? IpMode.IPV4 : mode;
        Prepared prepared;
        try {
            prepared = prepare(script, text, mode);
        } catch (ScriptException e) {
            String line = text.lines().skip(e.line() - 1L).findFirst().orElse("");
            Source at = new Source(e.line(), e.column(), line);
            return bad(script, shown, Verdict.FAIL, failure(at, e.detail()), begin);
        } catch (IllegalArgumentException e) {
            return bad(script, shown, Verdict.FAIL, failure(null, text(e)), begin);
        }
        if (prepared.config.dryRun()) {
            return new RunResult(
                    script,
                    prepared.config.mode(),
                    Verdict.PASS,
                    Optional.empty(),
                    List.of(),
                    System.nanoTime() - begin);
        }
        return onThreadOfItsOwn(script, prepared, begin);
    }

    private record Prepared(Config config, ScriptRun run) {}

    private Prepared prepare(Path path, String text, @Nullable IpMode mode) {
        ScriptParser parser = new ScriptParser(path.toString());
        List<Script.Option> options = parser.options(text);
        IpMode ip = mode == null ? ConfigBuilder.mode(options, commandLine) : mode;
        Config config = ConfigBuilder.build(ip, options, commandLine);
        Script script = parser.parse(text, config.defines());
        return new Prepared(config, ScriptRun.prepare(script, ip.packetsAreV6()));
    }

    /// A target may change the thread that opens it for good (the host's moves it into another
    /// namespace), so each run has a new one.
    private RunResult onThreadOfItsOwn(Path script, Prepared prepared, long begin) {
        AtomicReference<@Nullable RunResult> result = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform()
                        .name("packetdrill-" + script.getFileName())
                        .uncaughtExceptionHandler(
                                (_, e) -> result.set(defect(script, prepared.config, e, begin)))
                        .start(() -> result.set(execute(script, prepared, begin)));
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return Objects.requireNonNull(result.get());
    }

    /// A defect of the interpreter or the target shows itself with the place where it happened.
    private static RunResult defect(Path script, Config config, Throwable e, long begin) {
        StringWriter stack = new StringWriter();
        e.printStackTrace(new PrintWriter(stack));
        Failure failure = failure(null, "defect: " + stack.toString().strip());
        return bad(script, config.mode(), Verdict.ERROR, failure, begin);
    }

    private RunResult execute(Path script, Prepared prepared, long begin) {
        Config config = prepared.config;
        Trace trace = new Trace(config.verbose() ? listener : null);
        Path directory = Objects.requireNonNull(script.toAbsolutePath().getParent());
        try (Target target = targets.open(config, directory);
                PacketLog.Session log = packetLog.begin(script, config.mode())) {
            RunState state = RunState.of(config, directory, target, trace);
            Optional<ScriptRun.Failure> failure =
                    prepared.run.run(
                            state,
                            (direction, datagram, usecs) -> {
                                if (log != null) {
                                    log.packet(direction == Direction.INBOUND, datagram, usecs);
                                }
                            });
            return new RunResult(
                    script,
                    config.mode(),
                    failure.isPresent() ? Verdict.FAIL : Verdict.PASS,
                    failure.map(f -> new Failure(f.at(), f.message(), f.expected(), f.actual())),
                    failure.isPresent() ? trace.lines() : List.of(),
                    System.nanoTime() - begin);
        } catch (TargetException e) {
            return bad(script, config.mode(), Verdict.ERROR, failure(null, text(e)), begin);
        }
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private static Failure failure(@Nullable Source at, String message) {
        return new Failure(at, message, null, null);
    }

    private static RunResult bad(
            Path script, IpMode mode, Verdict verdict, Failure failure, long begin) {
        return new RunResult(
                script, mode, verdict, Optional.of(failure), List.of(), System.nanoTime() - begin);
    }
}
