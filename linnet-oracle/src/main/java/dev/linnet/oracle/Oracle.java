package dev.linnet.oracle;

import dev.linnet.kernel.SuppressForbidden;
import dev.linnet.oracle.random.Campaign;
import dev.linnet.oracle.target.HostTarget;
import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.Row;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Runs rows for people: every call with its result, on Linnet, on the host or on both.
public final class Oracle {
    public static final String SYNOPSIS =
            "oracle [--on linnet|host|both] [FILE[:ROW] ...] | oracle --random CALLS [--seed SEED]";
    public static final String SUMMARY =
            "Runs facts about system calls on Linnet and on this machine's kernel. FILE is one of the"
                    + " names that `oracle` alone lists, or a path of a .facts file. With --random, runs"
                    + " that many calls in random programs on both and prints where they differ.";

    private static final int USAGE = 2;

    private final PrintWriter out;
    private boolean linnet = true;
    private boolean host = HostTarget.missing().isEmpty();
    private int failed;
    private long random;
    private long seed = System.nanoTime();

    private Oracle(PrintWriter out) {
        this.out = out;
    }

    /// Ends the JVM with 0, with 1 if a row failed, or with 2 for wrong arguments.
    @SuppressForbidden("the command ends with its status")
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true);
        System.exit(run(List.of(args), out, new PrintWriter(System.err, true)));
    }

    /// The same, with the status as the result.
    public static int run(List<String> words, PrintWriter out, PrintWriter err) {
        try {
            return new Oracle(out).run(words);
        } catch (FactException e) {
            err.println("oracle: " + e.getMessage());
            return USAGE;
        } finally {
            out.flush();
        }
    }

    private int run(List<String> words) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            boolean more = i + 1 < words.size();
            if (words.get(i).equals("--on") && more) {
                on(words.get(++i));
            } else if (words.get(i).equals("--random") && more) {
                random = number(words.get(++i));
            } else if (words.get(i).equals("--seed") && more) {
                seed = number(words.get(++i));
            } else if (words.get(i).startsWith("-")) {
                throw new FactException("no option " + words.get(i) + "; " + SYNOPSIS);
            } else {
                names.add(words.get(i));
            }
        }
        if (random > 0) {
            return randomly();
        }
        if (names.isEmpty()) {
            index();
            return 0;
        }
        names.forEach(name -> Facts.find(name).forEach(this::row));
        return failed == 0 ? 0 : 1;
    }

    private static long number(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new FactException("'" + word + "' is no number");
        }
    }

    private int randomly() {
        on("both");
        out.println("seed " + seed);
        Campaign campaign = new Campaign();
        int known = 0;
        for (long program = 0; campaign.calls() < random; program++) {
            Campaign.Difference difference = campaign.run(seed + program);
            if (difference != null && difference.deviation() != null) {
                known++;
            } else if (difference != null) {
                failed++;
                out.println(difference.row());
                out.flush();
            }
        }
        out.println(
                campaign.calls()
                        + " calls; programs that differ: "
                        + failed
                        + ", and as documented: "
                        + known);
        return failed == 0 ? 0 : 1;
    }

    private void on(String where) {
        String missing = HostTarget.missing();
        switch (where) {
            case "linnet" -> host = false;
            case "host", "both" -> {
                if (!missing.isEmpty()) {
                    throw new FactException(missing);
                }
                linnet = where.equals("both");
                host = true;
            }
            default -> throw new FactException("--on linnet, host or both");
        }
    }

    private void index() {
        for (String file : Facts.files()) {
            out.println(file + ": " + Facts.about(file));
            Facts.file(file).forEach(row -> out.println("    " + row.name() + ": " + row.title()));
        }
    }

    private void row(Row row) {
        out.println(row.id() + ": " + row.title());
        // Also for the host alone: a row may lower the limit of descriptors, which is that of the
        // whole JVM; what runs the row must be loaded by then.
        Outcomes outcomes = Comparison.onLinnet(row);
        if (linnet) {
            show(outcomes);
        }
        if (host) {
            show(Comparison.onHost(row));
        }
    }

    private void show(Outcomes outcomes) {
        boolean known = outcomes.row().deviation() != null && outcomes.target().equals("linnet");
        failed += outcomes.ok() || known ? 0 : 1;
        out.println(
                "  "
                        + outcomes.target()
                        + (outcomes.ok() ? "" : known ? ": deviates" : ": FAILED"));
        out.print(outcomes.text());
    }
}
