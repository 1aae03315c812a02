package dev.linnet.oracle;

import dev.linnet.oracle.text.Constants;
import dev.linnet.oracle.text.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one statement of a row did on a target.
///
/// @param text the statement with what was found in the place of what is expected
/// @param result what the call returned, null for a statement that is no call
/// @param mismatches what was not as expected
public record Outcome(
        Statement statement, String text, @Nullable Long result, List<String> mismatches) {
    public Outcome {
        mismatches = List.copyOf(mismatches);
    }

    public boolean ok() {
        return mismatches.isEmpty();
    }

    /// The result in words, `-EAGAIN`.
    String resultText() {
        return result == null ? "" : Constants.result(result);
    }
}
