package dev.linnet.oracle;

import dev.linnet.host.HostException;
import dev.linnet.oracle.target.HostTarget;
import dev.linnet.oracle.target.LinnetTarget;
import dev.linnet.oracle.target.Target;
import dev.linnet.oracle.text.Expect;
import dev.linnet.oracle.text.Expr;
import dev.linnet.oracle.text.Row;
import dev.linnet.oracle.text.Statement;
import java.util.Objects;

/// Runs rows on targets that live for that row only.
public final class Comparison {
    private Comparison() {}

    /// Runs a row on Linnet.
    public static Outcomes onLinnet(Row row) {
        try (Target target = new LinnetTarget()) {
            return RowRun.run(row, target);
        }
    }

    /// Runs a row on the host; ask [HostTarget#missing] before.
    public static Outcomes onHost(Row row) {
        try (Target target = new HostTarget()) {
            return RowRun.run(row, target);
        } catch (HostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// True if both gave the same for every call, and Linnet what the row says. Results that the row
    /// gives a range for may differ.
    public static boolean agree(Outcomes linnet, Outcomes host) {
        return linnet.ok() && difference(linnet, host).isEmpty();
    }

    /// Where the two first gave different results for a call whose result matters; empty if nowhere.
    public static String difference(Outcomes linnet, Outcomes host) {
        int n = Math.max(linnet.list().size(), host.list().size());
        for (int i = 0; i < n; i++) {
            if (i >= linnet.list().size() || i >= host.list().size()) {
                return "one stopped after " + i + " statements";
            }
            Outcome a = linnet.list().get(i);
            Outcome b = host.list().get(i);
            if (exact(a.statement()) && !Objects.equals(a.result(), b.result())) {
                return "linnet: " + a.text() + "\nhost:   " + b.text();
            }
        }
        return "";
    }

    private static boolean exact(Statement statement) {
        Expect expect =
                switch (statement) {
                    case Statement.Call call -> call.expect();
                    case Statement.Finish finish -> finish.expect();
                    default -> Expect.SUCCESS;
                };
        return switch (expect.op()) {
            case SUCCESS -> true;
            case EQUAL -> !(expect.value() instanceof Expr.Anything);
            case AT_LEAST, AT_MOST -> false;
        };
    }
}
