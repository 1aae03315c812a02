package dev.linnet.packetdrill;

import dev.linnet.packetdrill.script.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What came of one script in one mode.
///
/// @param failure why it did not pass; empty if it did
/// @param trace   the last lines of what happened
/// @param wallNanos how long it took
public record RunResult(
        Path script,
        IpMode mode,
        Verdict verdict,
        Optional<Failure> failure,
        List<String> trace,
        long wallNanos) {
    /// The judgement.
    public enum Verdict {
        /// The kernel does what the script says.
        PASS,
        /// It does not, or the script is not a script.
        FAIL,
        /// The script could not be run: it cannot be read, or the target cannot be set up.
        ERROR
    }

    /// The event that failed.
    ///
    /// @param at       where it stands and how it is written; null if it is not about an event
    /// @param message  what is wrong
    /// @param expected the packet that the script has, in the script's notation
    /// @param actual   the packet that came in its place
    public record Failure(
            @Nullable Source at,
            String message,
            @Nullable String expected,
            @Nullable String actual) {}

    /// True if it passed.
    public boolean passed() {
        return verdict == Verdict.PASS;
    }

    /// One line: verdict, script, mode, time.
    public String line() {
        return String.format(
                Locale.ROOT, "%-5s %s (%s) %.2f s", verdict, script, mode, wallNanos / 1e9);
    }

    /// The failing event, what was expected and what came, and the trace. Empty if it passed.
    public String report() {
        StringBuilder text = new StringBuilder();
        failure.ifPresent(f -> append(text, f));
        if (failure.isPresent() && !trace.isEmpty()) {
            text.append("  last events:\n");
            trace.forEach(line -> text.append("    ").append(line).append('\n'));
        }
        return text.toString();
    }

    private void append(StringBuilder text, Failure f) {
        Source at = f.at();
        text.append(script);
        if (at != null) {
            text.append(':').append(at.line()).append(':').append(at.column());
        }
        text.append(": ").append(f.message()).append('\n');
        if (at != null) {
            String[] lines = at.text().split("\n", -1);
            text.append("  event: ").append(lines[0].strip());
            text.append(lines.length > 1 ? " …\n" : "\n");
        }
        if (f.expected() != null) {
            text.append("  script packet: ").append(f.expected()).append('\n');
        }
        if (f.actual() != null) {
            text.append("  actual packet: ").append(f.actual()).append('\n');
        }
    }
}
