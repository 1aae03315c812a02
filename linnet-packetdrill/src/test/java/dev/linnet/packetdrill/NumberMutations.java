package dev.linnet.packetdrill;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Copies of a script in each of which one number that the kernel has to match is one more: a number
/// of a packet that it must send, the result of a call, a number that Python code compares with.
///
/// Left out is what no script can check: timestamps without a known tick, and the numbers that
/// descriptors get in the script.
final class NumberMutations {
    private static final Pattern SENT = Pattern.compile("^\\s*[-+0-9.~*]+\\s+>(.*)$");
    private static final Pattern TIMESTAMP = Pattern.compile("TS val \\d+ ecr \\d+");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d+(?!\\w)");
    private static final Pattern RESULT = Pattern.compile("\\) = (\\d+)\\s*$");
    private static final Pattern COMPARED = Pattern.compile("== (\\d+)");
    private static final Pattern MAKES_DESCRIPTOR =
            Pattern.compile("\\b(socket|accept|epoll_create|open)\\(");

    private NumberMutations() {}

    /// One copy.
    record Mutation(String text, int line, String event) {
        @Override
        public String toString() {
            return "line " + line + ": " + event;
        }
    }

    static List<Mutation> of(String text) {
        List<Mutation> mutations = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        int offset = 0;
        for (int i = 0; i < lines.length; i++) {
            for (int[] span : spans(lines[i].replaceFirst("//.*$", ""))) {
                long number = Long.parseLong(lines[i].substring(span[0], span[1])) + 1;
                String line = lines[i].substring(0, span[0]) + number + lines[i].substring(span[1]);
                String whole =
                        text.substring(0, offset)
                                + line
                                + text.substring(offset + lines[i].length());
                mutations.add(new Mutation(whole, i + 1, line.strip()));
            }
            offset += lines[i].length() + 1;
        }
        return mutations;
    }

    private static List<int[]> spans(String line) {
        Matcher sent = SENT.matcher(line);
        if (sent.find()) {
            String masked = TIMESTAMP.matcher(line).replaceAll(m -> "x".repeat(m.group().length()));
            return all(NUMBER, masked, sent.start(1), 0);
        }
        List<int[]> spans = new ArrayList<>(all(COMPARED, line, 0, 1));
        if (!MAKES_DESCRIPTOR.matcher(line).find()) {
            spans.addAll(all(RESULT, line, 0, 1));
        }
        return spans;
    }

    private static List<int[]> all(Pattern pattern, String line, int from, int group) {
        List<int[]> spans = new ArrayList<>();
        Matcher matcher = pattern.matcher(line);
        while (matcher.find()) {
            if (matcher.start() >= from) {
                spans.add(new int[] {matcher.start(group), matcher.end(group)});
            }
        }
        return spans;
    }
}
