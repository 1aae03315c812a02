package dev.linnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A page under `docs/reference` that is generated from a table of the engine. The test of the table
/// checks that the committed page says what the table says; with `-Dlinnet.regenerate` it writes the
/// page anew.
public final class ReferencePage {
    /// Property that makes the tests write the pages.
    private static final String REGENERATE = "linnet.regenerate";

    private final StringBuilder text = new StringBuilder();
    private final String file;

    /// @param file name of the page
    /// @param title its heading
    /// @param intro paragraphs before the tables
    public ReferencePage(String file, String title, String intro) {
        this.file = file;
        text.append("# ").append(title).append("\n\n").append(intro.strip()).append("\n\n");
        text.append("This page is generated; see `").append(ReferencePage.class.getSimpleName());
        text.append("` in the tests of linnet-engine.\n");
    }

    /// Begins a section with a table of these columns.
    public void table(String heading, String... columns) {
        text.append("\n## ").append(heading).append("\n\n");
        row(columns);
        text.append("|").append(" --- |".repeat(columns.length)).append('\n');
    }

    /// Adds a row to the table.
    public void row(String... cells) {
        text.append('|');
        for (String cell : cells) {
            text.append(' ').append(cell.replace("|", "\\|")).append(" |");
        }
        text.append('\n');
    }

    /// Compares the committed page, or writes it.
    public void check() {
        Path page = Path.of("..", "docs", "reference", file);
        try {
            if (System.getProperty(REGENERATE) != null) {
                Files.createDirectories(page.getParent());
                Files.writeString(page, text);
            }
            List<String> committed = Files.readAllLines(page, StandardCharsets.UTF_8);
            List<String> wanted = text.toString().lines().toList();
            List<String> missing = new ArrayList<>(wanted);
            missing.removeAll(committed);
            assertThat(missing)
                    .as("rows that %s lacks: run the test with -D%s", page, REGENERATE)
                    .isEmpty();
            assertThat(committed.equals(wanted))
                    .as("%s has the rows of the tables: run the test with -D%s", page, REGENERATE)
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
