package dev.linnet.oracle.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The module's own text files.
public final class Resources {
    private Resources() {}

    /// The lines of a file of this module, by its path below the module's main package.
    public static List<String> lines(String path) {
        try (InputStream in = Resources.class.getResourceAsStream("/dev/linnet/oracle/" + path)) {
            if (in == null) {
                throw new FactException("there is no " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file of names and numbers, one pair a line.
    public static Map<String, Long> numbers(String path) {
        Map<String, Long> numbers = new HashMap<>();
        for (String line : lines(path)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] pair = line.split("\\s+", -1);
                numbers.put(pair[0], Long.decode(pair[1]));
            }
        }
        return numbers;
    }
}
