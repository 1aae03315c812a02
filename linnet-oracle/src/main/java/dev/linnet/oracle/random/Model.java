package dev.linnet.oracle.random;

import dev.linnet.oracle.text.Expr;
import dev.linnet.oracle.text.Statement;
import dev.linnet.oracle.text.Value;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Which descriptors are open and what they are, as far as the results of the calls tell.
final class Model {
    /// The first that is not 0 to 2, which would block, and how many from there on.
    private static final int ANY_FIRST = 3;

    private static final int ANY_COUNT = 12;
    private static final int ODDS_OF_ANY = 15;

    private final TreeMap<Integer, String> open = new TreeMap<>();

    Model() {
        open.put(0, "reader");
        open.put(1, "writer");
        open.put(2, "reader");
    }

    /// A descriptor of a kind, of any kind if there is none or now and then.
    int pick(String kind, RandomGenerator random) {
        List<Integer> fit =
                open.entrySet().stream()
                        .filter(e -> e.getKey() >= ANY_FIRST)
                        .filter(e -> kind.equals("fd") || e.getValue().equals(kind))
                        .map(e -> e.getKey())
                        .toList();
        if (fit.isEmpty() || random.nextInt(ODDS_OF_ANY) == 0) {
            return ANY_FIRST + random.nextInt(ANY_COUNT);
        }
        return fit.get(random.nextInt(fit.size()));
    }

    /// Learns from a call that has succeeded.
    ///
    /// @param kinds of the descriptors that it gives
    void learn(List<String> kinds, Statement.Call call, long result) {
        switch (call.name()) {
            case "close" -> open.remove(number(call, 0));
            case "close_range" -> {
                if (number(call, 2) == 0) {
                    open.subMap(number(call, 0), true, number(call, 1), true).clear();
                }
            }
            case "dup", "dup2", "dup3", "fcntl" -> {
                if (!kinds.isEmpty()) {
                    open.put((int) result, open.getOrDefault(number(call, 0), "other"));
                }
            }
            default -> add(kinds, result);
        }
    }

    private void add(List<String> kinds, long result) {
        if (kinds.size() == 1) {
            open.put((int) result, kinds.getFirst());
            return;
        }
        for (String kind : kinds) {
            int lowest = 0;
            while (open.containsKey(lowest)) {
                lowest++;
            }
            open.put(lowest, kind);
        }
    }

    private static int number(Statement.Call call, int index) {
        return call.args().get(index) instanceof Value.Num num
                        && num.before() instanceof Expr.Literal literal
                ? (int) literal.value()
                : -1;
    }
}
