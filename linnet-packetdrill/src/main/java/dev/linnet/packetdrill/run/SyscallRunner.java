package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.script.Event;
import dev.linnet.packetdrill.script.Event.SyscallEvent;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.Moment;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.syscall.Evaluator;
import dev.linnet.packetdrill.syscall.PreparedCall;
import dev.linnet.packetdrill.syscall.Symbols;
import dev.linnet.packetdrill.syscall.SyscallTable;
import dev.linnet.packetdrill.target.PendingSyscall;
import dev.linnet.packetdrill.target.Target;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes the calls of a script and compares their results. One blocking call at a time may be in
/// progress while the script goes on.
final class SyscallRunner {
    /// How long a script may run into a blocking call that has not returned.
    private static final long PATIENCE_USECS = 1_000_000;

    private final RunState state;
    private @Nullable InProgress inProgress;

    private record InProgress(
            SyscallEvent event, Moment moment, PreparedCall call, PendingSyscall pending) {}

    SyscallRunner(RunState state) {
        this.state = state;
    }

    /// Carries out a call event.
    ///
    /// @throws EventFailure if the call does not do what the script says
    void run(SyscallEvent event, Moment moment) {
        boolean idle = awaitIdle();
        if (!idle && event.blocking()) {
            throw new EventFailure(
                    prefix(event)
                            + "blocking system call while another blocking system call is already"
                            + " in progress");
        }
        state.timeline().await(moment, "system call start");
        PreparedCall call = prepare(event);
        PreparedCall.Words a = call.args();
        Target target = state.target();
        if (event.blocking()) {
            PendingSyscall pending =
                    target.start(call.nr(), a.a0(), a.a1(), a.a2(), a.a3(), a.a4(), a.a5());
            inProgress = new InProgress(event, moment, call, pending);
            reap();
        } else {
            long result = target.syscall(call.nr(), a.a0(), a.a1(), a.a2(), a.a3(), a.a4(), a.a5());
            finish(event, call, result);
        }
    }

    private PreparedCall prepare(SyscallEvent event) {
        try {
            return SyscallTable.prepare(state, event);
        } catch (EventFailure failure) {
            throw new EventFailure(prefix(event) + failure.message());
        }
    }

    /// Takes the result of the blocking call if it has returned.
    void reap() {
        InProgress call = inProgress;
        if (call == null || !call.pending.isDone()) {
            return;
        }
        inProgress = null;
        try {
            finish(call.event, call.call, call.pending.result());
            OptionalLong end = call.event.end();
            long due = end.orElse(0) + (call.event.time().isRelative() ? call.moment.offset() : 0);
            long returned = state.timeline().toScript(call.pending.endUsecs());
            state.timeline().verifyReturn(call.moment.usecs(), due, returned);
        } catch (EventFailure failure) {
            throw new FailedEvent(call.event.at(), failure);
        }
    }

    private boolean awaitIdle() {
        InProgress call = inProgress;
        if (call != null) {
            call.pending.await(state.target().nowUsecs() + PATIENCE_USECS);
            reap();
        }
        return inProgress == null;
    }

    /// Ends a run: a call that is still in progress is a failure.
    void end() {
        InProgress call = inProgress;
        if (!awaitIdle() && call != null) {
            throw new FailedEvent(
                    call.event.at(),
                    new EventFailure(
                            "runtime error: exiting while a blocking system call is in progress"));
        }
    }

    private void finish(SyscallEvent event, PreparedCall call, long result) {
        long now = state.timeline().now();
        boolean isDescriptor = call.returnsDescriptor() && result >= 0;
        Supplier<String> shown = () -> isDescriptor ? event.result().at().text() : text(result);
        state.trace().add(now, () -> event.call().at().text() + " = " + shown.get());
        try {
            verify(event, call, result);
            call.finish().accept(result);
        } catch (EventFailure failure) {
            String message = prefix(event) + failure.message();
            if (!state.config().nonFatalSyscall()) {
                throw new EventFailure(message);
            }
            state.trace().add("warning: " + message);
        }
    }

    private static void verify(SyscallEvent event, PreparedCall call, long result) {
        int expected = Evaluator.int32(event.result());
        int actual = result < 0 ? -1 : (int) result;
        if (call.returnsDescriptor() && expected >= 0) {
            if (actual < 0) {
                throw new EventFailure(
                        "Expected non-negative result but got " + withErrno(actual, result));
            }
        } else if (actual != expected) {
            throw new EventFailure(
                    "Expected result " + expected + " but got " + withErrno(actual, result));
        }
        Event.Symbol errno = event.errno();
        if (errno != null) {
            long want = Symbols.value(errno.name()).orElse(0);
            long have = result < 0 ? -result : 0;
            if (want != have) {
                throw new EventFailure(
                        "Expected errno "
                                + want
                                + " ("
                                + errno.name()
                                + ") but got "
                                + have
                                + " ("
                                + (have == 0 ? "no error" : Symbols.errno((int) have))
                                + ")");
            }
        }
    }

    private static String withErrno(int actual, long result) {
        return result < 0
                ? actual + " with errno " + -result + " (" + Symbols.errno((int) -result) + ")"
                : String.valueOf(actual);
    }

    private static String text(long result) {
        return result < 0 ? "-1 " + Symbols.errno((int) -result) : String.valueOf(result);
    }

    private static String prefix(SyscallEvent event) {
        return "runtime error in " + event.call().name() + " call: ";
    }
}
