package dev.linnet.cli.demo;

import picocli.CommandLine.Option;

/// How the demo may use the terminal.
final class DemoScreenOptions {
    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never (${DEFAULT-VALUE}).")
    private String when;

    boolean color() {
        return switch (when) {
            case "always" -> true;
            case "auto" -> System.console() != null && System.getenv("NO_COLOR") == null;
            default -> false;
        };
    }
}
