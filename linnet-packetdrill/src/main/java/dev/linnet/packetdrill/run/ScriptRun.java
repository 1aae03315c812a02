package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.packet.PacketBuilder;
import dev.linnet.packetdrill.packet.ScriptPacket;
import dev.linnet.packetdrill.python.PythonCode;
import dev.linnet.packetdrill.python.PythonError;
import dev.linnet.packetdrill.script.Event;
import dev.linnet.packetdrill.script.Event.CodeEvent;
import dev.linnet.packetdrill.script.Event.CommandEvent;
import dev.linnet.packetdrill.script.Event.PacketEvent;
import dev.linnet.packetdrill.script.Event.SyscallEvent;
import dev.linnet.packetdrill.script.Script;
import dev.linnet.packetdrill.script.ScriptException;
import dev.linnet.packetdrill.script.Source;
import dev.linnet.packetdrill.state.Descriptors.Descriptor;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.Moment;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.syscall.Evaluator;
import dev.linnet.packetdrill.syscall.SyscallNr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One script, made ready: all that can be known before the run is known, so that nothing but the
/// run itself takes time in it.
public final class ScriptRun {
    /// An event with what it needs.
    private sealed interface Step {
        Event event();
    }

    private record PacketStep(PacketEvent event, ScriptPacket packet) implements Step {}

    private record SyscallStep(SyscallEvent event) implements Step {}

    private record CommandStep(CommandEvent event) implements Step {}

    private record CodeStep(CodeEvent event, PythonCode code) implements Step {}

    /// Why a run failed.
    ///
    /// @param at the event
    /// @param message what is wrong
    /// @param expected the packet that the script has, if it is about packets
    /// @param actual the packet that came in its place, in the script's numbers
    public record Failure(
            Source at, String message, @Nullable String expected, @Nullable String actual) {}

    private final Script script;
    private final List<Step> steps;

    private ScriptRun(Script script, List<Step> steps) {
        this.script = script;
        this.steps = steps;
    }

    /// Prepares a script.
    ///
    /// @param v6 whether its packets are IPv6
    /// @throws ScriptException if it has a packet, a name or a piece of code that cannot be
    public static ScriptRun prepare(Script script, boolean v6) {
        List<Step> steps = new ArrayList<>();
        for (Event event : script.events()) {
            Evaluator.checkNames(script.file(), event);
            steps.add(step(script, event, v6));
        }
        return new ScriptRun(script, steps);
    }

    private static Step step(Script script, Event event, boolean v6) {
        return switch (event) {
            case PacketEvent packet -> {
                try {
                    yield new PacketStep(packet, PacketBuilder.build(packet.packet(), v6));
                } catch (IllegalArgumentException e) {
                    throw new ScriptException(
                            script.file(),
                            packet.packet().at(),
                            "semantic error: " + e.getMessage());
                }
            }
            case SyscallEvent call -> new SyscallStep(call);
            case CommandEvent command -> new CommandStep(command);
            case CodeEvent code -> new CodeStep(code, parse(script, code.code()));
        };
    }

    private static PythonCode parse(Script script, Source code) {
        try {
            return PythonCode.parse(code.text());
        } catch (PythonError error) {
            throw new ScriptException(
                    script.file(),
                    code.line() + error.line(),
                    error.line() == 0 ? code.column() : 1,
                    error.message());
        }
    }

    /// Runs it.
    ///
    /// @param packets takes every packet on the device
    /// @return why it failed, or nothing: it passed
    public Optional<Failure> run(RunState state, PacketListener packets) {
        PacketRunner packetRunner = new PacketRunner(state, packets);
        SyscallRunner syscalls = new SyscallRunner(state);
        boolean initialized = false;
        Optional<Failure> failure = Optional.empty();
        try {
            if (script.init().isPresent()) {
                command(state, script.init().get(), "init");
            }
            initialized = true;
            events(state, packetRunner, syscalls);
        } catch (FailedEvent e) {
            failure = Optional.of(failure(e));
        }
        if (initialized && script.cleanup().isPresent()) {
            try {
                command(state, script.cleanup().get(), "cleanup");
            } catch (FailedEvent e) {
                failure = failure.or(() -> Optional.of(failure(e)));
            }
        }
        closeAll(state, packetRunner);
        return failure;
    }

    private static Failure failure(FailedEvent e) {
        EventFailure f = e.failure();
        return new Failure(e.at(), f.message(), f.expected(), f.actual());
    }

    private void events(RunState state, PacketRunner packets, SyscallRunner syscalls) {
        CodeRunner code = new CodeRunner(state);
        state.timeline().begin();
        for (Step step : steps) {
            Event event = step.event();
            try {
                syscalls.reap();
                Moment moment = state.timeline().schedule(event);
                carryOut(state, step, moment, packets, syscalls, code);
                state.timeline().done(event, moment);
            } catch (EventFailure failure) {
                throw new FailedEvent(event.at(), failure);
            }
        }
        syscalls.end();
    }

    private static void carryOut(
            RunState state,
            Step step,
            Moment moment,
            PacketRunner packets,
            SyscallRunner syscalls,
            CodeRunner code) {
        switch (step) {
            case PacketStep p -> packets.run(p.event().direction(), p.packet(), moment);
            case SyscallStep s -> syscalls.run(s.event(), moment);
            case CommandStep c -> {
                state.timeline().await(moment, "command");
                shell(state, c.event().commandLine());
            }
            case CodeStep c -> {
                state.timeline().await(moment, "data collection for code");
                syscalls.reap();
                code.run(c.code(), c.event().code());
            }
        }
    }

    private static void command(RunState state, Script.Command command, String what) {
        try {
            shell(state, command.commandLine());
        } catch (EventFailure failure) {
            throw new FailedEvent(
                    command.at(),
                    new EventFailure("error executing " + what + " command: " + failure.message()));
        }
    }

    private static void shell(RunState state, String commandLine) {
        List<String> output = new ArrayList<>();
        int status =
                state.target()
                        .shell(
                                commandLine,
                                line -> {
                                    output.add(line);
                                    state.trace().add("shell: " + line);
                                });
        if (status != 0) {
            String last = output.isEmpty() ? "" : " (" + output.getLast() + ")";
            throw new EventFailure(
                    "command `"
                            + commandLine.strip()
                            + "` returned non-zero status "
                            + status
                            + last);
        }
    }

    /// Closes what the script left open, and resets its connections, so that a call still in
    /// progress ends.
    private static void closeAll(RunState state, PacketRunner packets) {
        for (Descriptor descriptor : state.descriptors().all()) {
            if (descriptor.isOpen()) {
                state.target().syscall(SyscallNr.CLOSE, descriptor.live(), 0, 0, 0, 0, 0);
            }
        }
        packets.resetAll();
    }
}
