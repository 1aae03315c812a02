package dev.linnet.oracle.random;

import dev.linnet.host.HostException;
import dev.linnet.oracle.text.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Many random programs. Needs a host, see [dev.linnet.oracle.target.HostTarget#missing].
public final class Campaign {
    /// Calls of one program.
    private static final int PROGRAM_CALLS = 60;

    /// How often a difference must show again: the host works on other things at the same time.
    private static final int CONFIRMATIONS = 2;

    private final Grammar grammar = new Grammar();
    private long calls;

    /// A program whose last call gives different results.
    ///
    /// @param seed of the program
    /// @param row the shortest such program that was found, as a row of what the host gives
    /// @param deviation the `D-nnn` that explains it, or null
    public record Difference(long seed, String row, @Nullable String deviation) {}

    /// The deviations that explain differences.
    public List<String> deviations() {
        return grammar.deviations();
    }

    /// Calls made so far, without those for shrinking.
    public long calls() {
        return calls;
    }

    /// Runs one program: how it differs, shrunk, or null.
    public @Nullable Difference run(long seed) {
        List<String> lines = play(seed);
        if (lines == null) {
            return null;
        }
        for (int i = 0; i < CONFIRMATIONS; i++) {
            if (replay(lines) == null) {
                return null;
            }
        }
        List<String> shortest = shrink(lines);
        Replay replay = replay(shortest);
        String row = text(seed, replay == null ? shortest : replay.lines);
        return new Difference(seed, row, grammar.deviation(row));
    }

    /// The lines up to a difference, or null if there is none.
    private @Nullable List<String> play(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        Model model = new Model();
        List<String> lines = new ArrayList<>();
        try (Duel duel = new Duel()) {
            while (lines.size() < PROGRAM_CALLS && !duel.over()) {
                Grammar.Line line = grammar.next(random, model);
                lines.add(line.text());
                calls++;
                Duel.Round round = duel.next(line.text(), lines.size());
                if (!round.same()) {
                    return lines;
                }
                if (round.ok() && round.statement() instanceof Statement.Call call) {
                    model.learn(line, call, round.result());
                }
            }
            return null;
        } catch (HostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What a program did until the first difference.
    ///
    /// @param lines the calls as the host did them, the last one also as Linnet did
    private record Replay(int length, List<String> lines) {}

    private static @Nullable Replay replay(List<String> program) {
        List<String> done = new ArrayList<>();
        try (Duel duel = new Duel()) {
            for (int i = 0; i < program.size() && !duel.over(); i++) {
                Duel.Round round = duel.next(program.get(i), i + 1);
                done.add(round.host());
                if (!round.same()) {
                    done.add("// linnet: " + round.linnet());
                    return new Replay(i + 1, done);
                }
            }
            return null;
        } catch (HostException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Leaves out what is not needed for a difference: first large pieces, then single calls.
    private static List<String> shrink(List<String> program) {
        List<String> best = program;
        for (int piece = Math.max(1, best.size() / 2); piece >= 1; piece /= 2) {
            for (int at = best.size() - piece; at >= 0; at--) {
                if (at + piece > best.size()) {
                    continue;
                }
                List<String> shorter = new ArrayList<>(best);
                shorter.subList(at, at + piece).clear();
                Replay replay = replay(shorter);
                if (replay != null) {
                    best = List.copyOf(shorter.subList(0, replay.length));
                }
            }
        }
        return best;
    }

    private static String text(long seed, List<String> lines) {
        StringBuilder out = new StringBuilder("random-" + seed + ": found by a random program\n");
        lines.forEach(line -> out.append("    ").append(line).append('\n'));
        return out.toString();
    }
}
