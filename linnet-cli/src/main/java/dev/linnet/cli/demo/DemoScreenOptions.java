package dev.linnet.cli.demo;

import java.util.Locale;
import picocli.CommandLine.Option;

/// How the demo may use the terminal.
@SuppressWarnings("NullAway.Init") // picocli fills the field before the command runs
final class DemoScreenOptions {
    /// When colours are used.
    enum When {
        AUTO,
        ALWAYS,
        NEVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private When when;

    boolean color() {
        return switch (when) {
            case ALWAYS -> true;
            case AUTO -> System.console() != null && System.getenv("NO_COLOR") == null;
            case NEVER -> false;
        };
    }
}
