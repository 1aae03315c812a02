package dev.linnet.uapi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Reads a list of facts recorded from Linux: one per line, `#` begins a comment.
final class Golden {
    private Golden() {}

    static List<String[]> rows(String resource) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(Golden.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 3))
                    .toList();
        }
    }
}
