package dev.linnet.packetdrill.state;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// The last things that happened in a run, one line each; for the report of a failure. Any thread.
public final class Trace {
    private static final int LINES = 40;

    private final Deque<String> lines = new ArrayDeque<>(LINES);
    private final @Nullable Consumer<String> listener;

    /// A trace that also hands each line to `listener`, if there is one.
    public Trace(@Nullable Consumer<String> listener) {
        this.listener = listener;
    }

    /// Adds a line that begins with a time of the script.
    public void add(long scriptUsecs, String what) {
        add(String.format(Locale.ROOT, "%10.6f %s", scriptUsecs / 1e6, what));
    }

    /// Adds a line without a time.
    public synchronized void add(String line) {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
        if (listener != null) {
            listener.accept(line);
        }
    }

    /// The lines, the oldest first.
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
