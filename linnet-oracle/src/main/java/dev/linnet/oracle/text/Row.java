package dev.linnet.oracle.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One fact: a short program of calls and what each of them gives.
///
/// @param file name of the file without its ending, such as `accept`
/// @param name unique in its file
/// @param title one line that says what the fact is
/// @param source where it comes from, such as `LTP accept01`, or null
/// @param deviation the `D-nnn` for which Linnet is known not to agree, or null
public record Row(
        String file,
        String name,
        String title,
        @Nullable String source,
        @Nullable String deviation,
        List<Statement> statements) {
    public Row {
        statements = List.copyOf(statements);
    }

    /// How a person names the row: `accept:closed-descriptor`.
    public String id() {
        return file + ":" + name;
    }

    /// The row as it stands in a file.
    public String text() {
        StringBuilder out = new StringBuilder(name).append(": ").append(title);
        if (source != null) {
            out.append(" [").append(source).append(']');
        }
        if (deviation != null) {
            out.append(" {").append(deviation).append('}');
        }
        out.append('\n');
        statements.forEach(s -> out.append("    ").append(s.text()).append('\n'));
        return out.toString();
    }
}
