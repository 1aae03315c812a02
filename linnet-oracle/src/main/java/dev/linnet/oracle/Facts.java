package dev.linnet.oracle;

import dev.linnet.oracle.text.FactException;
import dev.linnet.oracle.text.Resources;
import dev.linnet.oracle.text.Row;
import dev.linnet.oracle.text.RowReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The rows that come with the module: `facts/index.txt` names their files.
public final class Facts {
    private static final String ENDING = ".facts";

    private Facts() {}

    /// Names of the files, without their ending, in the order of the index.
    public static List<String> files() {
        return Resources.lines("facts/index.txt").stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\s+", 2)[0])
                .toList();
    }

    /// What a file is about, from the index.
    public static String about(String file) {
        return Resources.lines("facts/index.txt").stream()
                .filter(line -> line.startsWith(file + " "))
                .map(line -> line.split("\\s+", 2)[1])
                .findFirst()
                .orElse("");
    }

    /// All rows.
    public static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        files().forEach(file -> rows.addAll(file(file)));
        return rows;
    }

    /// The rows of one file.
    public static List<Row> file(String file) {
        return RowReader.read(file, Resources.lines("facts/" + file + ENDING));
    }

    /// Rows by what a person writes: `accept`, `accept:closed-descriptor`, or a path of a file of rows
    /// of his own, with or without `:row`.
    ///
    /// @throws FactException if there is none
    public static List<Row> find(String name) {
        int colon = name.lastIndexOf(':');
        String file = colon < 0 ? name : name.substring(0, colon);
        List<Row> rows = file.endsWith(ENDING) ? own(Path.of(file)) : file(file);
        if (colon < 0) {
            return rows;
        }
        String row = name.substring(colon + 1);
        List<Row> found = rows.stream().filter(r -> r.name().equals(row)).toList();
        if (found.isEmpty()) {
            throw new FactException("there is no row " + row + " in " + file);
        }
        return found;
    }

    private static List<Row> own(Path path) {
        try {
            String file = path.getFileName().toString();
            return RowReader.read(
                    file.substring(0, file.length() - ENDING.length()),
                    Files.readAllLines(path, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new FactException("cannot read " + path + ": " + e);
        }
    }
}
