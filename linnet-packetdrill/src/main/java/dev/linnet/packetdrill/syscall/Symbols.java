package dev.linnet.packetdrill.syscall;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Linux's names for numbers: `SO_REUSEADDR`, `EAGAIN`, `POLLIN`.
public final class Symbols {
    private static final Map<String, Long> BY_NAME = load();
    private static final Map<Integer, String> ERRNO_NAMES = errnoNames();

    private Symbols() {}

    /// The number that a name stands for.
    public static OptionalLong value(String name) {
        Long value = BY_NAME.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /// The name of an errno, `EAGAIN`; the number itself if it has none.
    public static String errno(int number) {
        return ERRNO_NAMES.getOrDefault(number, "errno " + number);
    }

    /// The bits of `value` by the names that begin with `prefix`, as in `POLLIN|POLLOUT`.
    public static String flags(String prefix, long value) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < 32; bit++) {
            long mask = 1L << bit;
            if ((value & mask) != 0) {
                String name = bitName(prefix, mask);
                text.append(text.isEmpty() ? "" : "|");
                text.append(name == null ? "0x" + Long.toHexString(mask) : name);
            }
        }
        return text.isEmpty() ? "0" : text.toString();
    }

    private static @Nullable String bitName(String prefix, long mask) {
        return BY_NAME.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix) && e.getValue() == mask)
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .orElse(null);
    }

    private static Map<String, Long> load() {
        Map<String, Long> symbols = new HashMap<>();
        try (InputStream in = Symbols.class.getResourceAsStream("symbols.txt");
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int blank = line.indexOf(' ');
                if (!line.startsWith("#")) {
                    symbols.put(line.substring(0, blank), Long.valueOf(line.substring(blank + 1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return symbols;
    }

    /// Of two names for one number the one that sorts first, so EAGAIN before EWOULDBLOCK.
    private static Map<Integer, String> errnoNames() {
        Map<Integer, String> names = new HashMap<>();
        BY_NAME.keySet().stream()
                .filter(name -> name.matches("E[A-Z0-9]+") && !name.startsWith("EPOLL"))
                .sorted()
                .forEach(
                        name ->
                                names.putIfAbsent(
                                        Objects.requireNonNull(BY_NAME.get(name)).intValue(),
                                        name));
        return names;
    }
}
