package dev.linnet.oracle;

import dev.linnet.oracle.memory.Findings;
import dev.linnet.oracle.memory.Image;
import dev.linnet.oracle.memory.ImageBuilder;
import dev.linnet.oracle.memory.Renderer;
import dev.linnet.oracle.memory.Variables;
import dev.linnet.oracle.memory.Verifier;
import dev.linnet.oracle.target.BlockedException;
import dev.linnet.oracle.target.Syscall;
import dev.linnet.oracle.target.Target;
import dev.linnet.oracle.target.Worker;
import dev.linnet.oracle.text.Constants;
import dev.linnet.oracle.text.Expect;
import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.Row;
import dev.linnet.oracle.text.Statement;
import dev.linnet.oracle.text.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs the statements of a row on a target, one after the other. It goes on after a result that is
/// not as expected, and stops at a call that does not return.
public final class RowRun {
    private static final int REGISTERS = 6;

    /// A call that has been encoded: its registers and its memory.
    private record Prepared(Statement.Call call, int nr, long[] registers, List<Image> images) {}

    private final Target target;
    private final Variables variables = new Variables();
    private final Map<String, Worker> workers = new HashMap<>();
    private final Map<String, Prepared> pending = new HashMap<>();
    private final boolean everything;

    /// @param target fresh
    /// @param everything outcomes also show what a statement lets be anything
    public RowRun(Target target, boolean everything) {
        this.target = target;
        this.everything = everything;
        workers.put("main", target.main());
    }

    /// Runs a row on a fresh target.
    public static Outcomes run(Row row, Target target) {
        RowRun run = new RowRun(target, false);
        List<Outcome> outcomes = new ArrayList<>();
        for (Statement statement : row.statements()) {
            try {
                outcomes.add(run.step(statement));
            } catch (BlockedException e) {
                String why = String.valueOf(e.getMessage());
                outcomes.add(outcome(statement, statement.text(), null, List.of(why)));
                break;
            } catch (FactException e) {
                throw new FactException(
                        row.id() + ", line " + statement.line() + ": " + e.getMessage());
            }
        }
        return new Outcomes(target.name(), row, outcomes);
    }

    private static Outcome outcome(
            Statement s, String text, @Nullable Long result, List<String> mismatches) {
        return new Outcome(s, text, result, mismatches);
    }

    /// Runs one statement.
    ///
    /// @throws BlockedException if a call does not return; then the target is of no more use
    public Outcome step(Statement statement) {
        return switch (statement) {
            case Statement.Call call -> call(call);
            case Statement.Finish finish -> finish(finish);
            case Statement.Blocked b -> expect(b, worker(b.worker()).blocked(), "it has returned");
            case Statement.Signal s -> act(s, () -> worker(s.worker()).signal());
            case Statement.Exit e -> act(e, () -> worker(e.worker()).exit());
            case Statement.Sleep s -> act(s, () -> target.sleep(s.millis()));
            case Statement.User u -> act(u, () -> worker(u.worker()).becomeUser(u.uid()));
            case Statement.Let let -> let(let);
            case Statement.Spawn s ->
                    act(
                            s,
                            () ->
                                    workers.put(
                                            s.worker(),
                                            target.spawn(worker(s.parent()), s.fork())));
            case Statement.Sysctl s -> {
                long result = target.sysctl(target.main(), s.name(), s.value());
                yield expect(s, result == 0, Constants.result(result));
            }
        };
    }

    private static Outcome act(Statement statement, Runnable action) {
        action.run();
        return outcome(statement, statement.text(), null, List.of());
    }

    private static Outcome expect(Statement statement, boolean ok, String otherwise) {
        return outcome(statement, statement.text(), null, ok ? List.of() : List.of(otherwise));
    }

    /// The worker of a name; one that only ever blocks is made when it is first named.
    private Worker worker(String name) {
        return workers.computeIfAbsent(name, _ -> target.spawn(target.main(), false));
    }

    private Outcome let(Statement.Let let) {
        if (let.value() instanceof Value.Num num && num.before() != null) {
            variables.set(let.variable(), variables.eval(num.before()));
        } else {
            Image image = ImageBuilder.memory(let.value(), variables);
            image.place(target.memory());
            variables.set(let.variable(), image.address());
        }
        return outcome(let, let.text(), null, List.of());
    }

    private Outcome call(Statement.Call call) {
        Prepared prepared = prepare(call);
        Worker worker = worker(call.worker());
        if (!call.start()) {
            long result = worker.call(prepared.nr, prepared.registers);
            return returned(prepared, call, call.variable(), call.expect(), result);
        }
        pending.put(call.worker(), prepared);
        worker.start(prepared.nr, prepared.registers);
        if (worker.blocked()) {
            return outcome(call, call.text(), null, List.of());
        }
        pending.remove(call.worker());
        long result = worker.finish();
        String what = "it did not block, it gave " + Constants.result(result);
        return outcome(call, call.text(), result, List.of(what));
    }

    private Outcome finish(Statement.Finish finish) {
        Prepared prepared = pending.remove(finish.worker());
        if (prepared == null) {
            throw new FactException("nothing was started by " + finish.worker());
        }
        long result = worker(finish.worker()).finish();
        return returned(prepared, finish, finish.variable(), finish.expect(), result);
    }

    private Prepared prepare(Statement.Call call) {
        long[] registers = new long[REGISTERS];
        List<Image> images = new ArrayList<>();
        int at = 0;
        for (Value arg : call.args()) {
            if (at == REGISTERS) {
                throw new FactException("a call has six arguments at most");
            }
            Value value = arg instanceof Value.Sized sized ? sized.memory() : arg;
            if (value instanceof Value.Num num) {
                if (num.before() == null || num.after() != null) {
                    throw new FactException("'->' is for memory: put it into [ ]");
                }
                registers[at++] = variables.eval(num.before());
                continue;
            }
            Image image = ImageBuilder.memory(value, variables);
            image.place(target.memory());
            images.add(image);
            registers[at++] = image.address();
            if (arg instanceof Value.Sized && at < REGISTERS) {
                registers[at++] = image.size();
            }
        }
        return new Prepared(call, Syscall.number(call.name()), registers, images);
    }

    private Outcome returned(
            Prepared prepared,
            Statement statement,
            @Nullable String variable,
            Expect expect,
            long result) {
        if (variable != null) {
            variables.set(variable, result);
        }
        Findings findings = new Findings();
        Verifier verifier = new Verifier(target.memory(), variables, findings);
        prepared.images.forEach(verifier::verify);
        List<String> mismatches = new ArrayList<>(findings.mismatches());
        if (!meets(expect, result)) {
            mismatches.addFirst("it gave " + Constants.result(result));
        }
        String text = text(prepared.call, statement, variable, findings, result);
        return outcome(statement, text, result, mismatches);
    }

    private boolean meets(Expect expect, long result) {
        return switch (expect.op()) {
            case SUCCESS -> result >= 0;
            case EQUAL -> variables.matches(expect.value(), result);
            case AT_LEAST -> result >= variables.eval(expect.value());
            case AT_MOST -> result <= variables.eval(expect.value());
        };
    }

    private String text(
            Statement.Call call,
            Statement statement,
            @Nullable String variable,
            Findings findings,
            long result) {
        StringBuilder out = new StringBuilder();
        if (!call.worker().equals("main")) {
            out.append(call.worker()).append(": ");
        }
        if (variable != null) {
            out.append(variable).append(" = ");
        }
        if (statement != call) {
            out.append("finished ");
        }
        out.append(call.name())
                .append('(')
                .append(new Renderer(findings, everything).text(call.args()));
        return out.append(") = ").append(Constants.result(result)).toString();
    }
}
