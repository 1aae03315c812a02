package dev.linnet.sim;

import java.util.Map;

/// Numbers with units, as people write them for links.
final class Units {
    private static final Map<String, Double> TIME =
            Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);
    private static final Map<String, Double> RATE =
            Map.of("bit", 1.0, "kbit", 1e3, "mbit", 1e6, "gbit", 1e9);

    private Units() {}

    /// `20ms`, `500us`, `1.5s` in nanoseconds.
    static long nanos(String text) {
        return (long) scaled(text, TIME, "a time such as 20ms, 500us or 1s");
    }

    /// `100mbit`, `64kbit`, `1gbit` in bits per second.
    static long bitsPerSecond(String text) {
        return (long) scaled(text, RATE, "a rate such as 100mbit, 64kbit or 1gbit");
    }

    /// `1%` or `0.01` as a fraction.
    static double fraction(String text) {
        return text.endsWith("%")
                ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                : Double.parseDouble(text);
    }

    private static double scaled(String text, Map<String, Double> units, String example) {
        int i = 0;
        while (i < text.length() && (Character.isDigit(text.charAt(i)) || text.charAt(i) == '.')) {
            i++;
        }
        Double unit = units.get(text.substring(i));
        if (unit == null || i == 0) {
            throw new IllegalArgumentException("link: '" + text + "' is not " + example);
        }
        return Double.parseDouble(text.substring(0, i)) * unit;
    }
}
