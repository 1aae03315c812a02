package dev.linnet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What an established connection costs while nothing is sent on it: Java heap in use before and
/// after so many connections were made over Linnet's loopback, both ends in this JVM.
public final class IdleMemory {
    private static final int PAIRS = 10_000;

    private IdleMemory() {}

    /// Argument: how many pairs; 10,000 if there is none.
    public static void main(String[] args) throws Exception {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : PAIRS;
        try (Wires linnet = new LinnetWires()) {
            List<Wires.End> warm = pairs(linnet, 100);
            long before = used();
            List<Wires.End> ends = pairs(linnet, pairs);
            long after = used();
            System.out.printf(
                    Locale.ROOT,
                    "%d idle pairs: %d bytes of heap per pair%n",
                    pairs,
                    (after - before) / pairs);
            warm.forEach(Wires.End::reset);
            ends.forEach(Wires.End::reset);
        }
    }

    private static List<Wires.End> pairs(Wires wires, int count) {
        List<Wires.End> ends = new ArrayList<>(2 * count);
        for (int i = 0; i < count; i++) {
            ends.add(wires.connect());
            ends.add(wires.accept());
        }
        return ends;
    }

    /// Several collections, because one leaves what became garbage while it ran.
    private static long used() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
