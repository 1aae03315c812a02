package dev.linnet.oracle.random;

import dev.linnet.oracle.text.Expr;
import dev.linnet.oracle.text.Statement;
import dev.linnet.oracle.text.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Which descriptors are open, what they are and which variable has them, as far as the results of the
/// calls tell.
final class Model {
    /// The first that is not 0 to 2, which would block, and how many from there on.
    private static final int ANY_FIRST = 3;

    private static final int ANY_COUNT = 12;
    private static final int ODDS_OF_ANY = 15;
    private static final String OTHER = "other";

    private record Descriptor(String kind, String variable) {}

    private final TreeMap<Integer, Descriptor> open = new TreeMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private int variables;

    Model() {
        for (int fd = 0; fd < ANY_FIRST; fd++) {
            open.put(fd, new Descriptor(OTHER, Integer.toString(fd)));
        }
    }

    String newVariable() {
        return "f" + ++variables;
    }

    /// A descriptor of a kind, of any kind if there is none or now and then, as it is written.
    String pick(String kind, RandomGenerator random) {
        List<Descriptor> fit =
                open.tailMap(ANY_FIRST).values().stream()
                        .filter(d -> kind.equals("fd") || d.kind.equals(kind))
                        .toList();
        if (fit.isEmpty() || random.nextInt(ODDS_OF_ANY) == 0) {
            return Integer.toString(ANY_FIRST + random.nextInt(ANY_COUNT));
        }
        return fit.get(random.nextInt(fit.size())).variable;
    }

    /// Learns from a call that has succeeded.
    void learn(Grammar.Line line, Statement.Call call, long result) {
        switch (call.name()) {
            case "close" -> open.remove(number(call, 0));
            case "close_range" -> {
                if (number(call, 2) == 0) {
                    open.subMap(number(call, 0), true, number(call, 1), true).clear();
                }
            }
            case "dup", "dup2", "dup3", "fcntl" -> {
                if (!line.kinds().isEmpty()) {
                    Descriptor of = open.get(number(call, 0));
                    put((int) result, of == null ? OTHER : of.kind, line.variables().getFirst());
                }
            }
            default -> add(line, result);
        }
    }

    private void add(Grammar.Line line, long result) {
        if (line.kinds().size() == 1) {
            put((int) result, line.kinds().getFirst(), line.variables().getFirst());
            return;
        }
        for (int i = 0; i < line.kinds().size(); i++) {
            int lowest = 0;
            while (open.containsKey(lowest)) {
                lowest++;
            }
            put(lowest, line.kinds().get(i), line.variables().get(i));
        }
    }

    private void put(int fd, String kind, String variable) {
        open.put(fd, new Descriptor(kind, variable));
        numbers.put(variable, fd);
    }

    private int number(Statement.Call call, int index) {
        if (!(call.args().get(index) instanceof Value.Num num)) {
            return -1;
        }
        return switch (num.before()) {
            case Expr.Literal literal -> (int) literal.value();
            case Expr.Variable variable -> numbers.getOrDefault(variable.text(), -1);
            case null, default -> 0;
        };
    }
}
