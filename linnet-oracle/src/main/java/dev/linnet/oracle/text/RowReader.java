package dev.linnet.oracle.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads files of rows. A row is a header at the left margin and indented statements below it; an
/// empty line or the next header ends it.
public final class RowReader {
    private static final Pattern HEADER =
            Pattern.compile(
                    "([a-z0-9][a-z0-9.-]*): (.*?)(?: \\[([^\\]]*)\\])?(?: \\{(D-[0-9]{3})\\})?");

    private final String file;
    private final List<Row> rows = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable Matcher header;
    private List<Statement> statements = new ArrayList<>();

    private RowReader(String file) {
        this.file = file;
    }

    /// The rows of a file.
    ///
    /// @throws FactException saying file, line and what is wrong
    public static List<Row> read(String file, List<String> lines) {
        RowReader reader = new RowReader(file);
        for (int i = 0; i < lines.size(); i++) {
            try {
                reader.line(lines.get(i), i + 1);
            } catch (FactException e) {
                throw new FactException(
                        file + ".facts:" + (i + 1) + ": " + e.getMessage() + "\n" + lines.get(i));
            }
        }
        reader.end();
        return List.copyOf(reader.rows);
    }

    /// One statement, without a row around it.
    public static Statement statement(String text, int line) {
        return StatementReader.read(text, line);
    }

    private void line(String line, int number) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        if (line.startsWith(" ")) {
            if (header == null) {
                throw new FactException("a statement outside of a row");
            }
            if (!line.strip().startsWith("//")) {
                statements.add(StatementReader.read(line, number));
            }
            return;
        }
        end();
        Matcher matcher = HEADER.matcher(line.strip());
        if (!matcher.matches()) {
            throw new FactException("a row begins with 'name: title [source] {D-nnn}'");
        }
        if (!names.add(matcher.group(1))) {
            throw new FactException("there are two rows " + matcher.group(1));
        }
        header = matcher;
    }

    private void end() {
        if (header == null) {
            return;
        }
        if (statements.isEmpty()) {
            throw new FactException("row " + header.group(1) + " has no statements");
        }
        rows.add(
                new Row(
                        file,
                        header.group(1),
                        header.group(2),
                        header.group(3),
                        header.group(4),
                        statements));
        header = null;
        statements = new ArrayList<>();
    }
}
