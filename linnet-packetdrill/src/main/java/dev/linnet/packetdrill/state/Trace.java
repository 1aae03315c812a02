package dev.linnet.packetdrill.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The last things that happened in a run, one line each; for the report of a failure. Any thread.
///
/// A line is made when it is needed: while a script runs on a real clock there is no time to format
/// what nobody will read.
public final class Trace {
    private static final int LINES = 40;

    private final Deque<Supplier<String>> lines = new ArrayDeque<>(LINES);
    private final @Nullable Consumer<String> listener;

    /// A trace that also hands each line to `listener`, if there is one.
    public Trace(@Nullable Consumer<String> listener) {
        this.listener = listener;
    }

    /// Adds a line that begins with a time of the script. What `what` prints must not change any
    /// more.
    public void add(long scriptUsecs, Supplier<String> what) {
        add(() -> String.format(Locale.ROOT, "%10.6f %s", scriptUsecs / 1e6, what.get()));
    }

    /// Adds a line without a time.
    public void add(String line) {
        add(() -> line);
    }

    private synchronized void add(Supplier<String> line) {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
        if (listener != null) {
            listener.accept(line.get());
        }
    }

    /// The lines, the oldest first.
    public synchronized List<String> lines() {
        return lines.stream().map(Supplier::get).toList();
    }
}
