package dev.linnet.oracle;

import dev.linnet.oracle.text.Row;
import java.util.List;

/// What a row did on a target.
///
/// @param target the target's name
public record Outcomes(String target, Row row, List<Outcome> list) {
    public Outcomes {
        list = List.copyOf(list);
    }

    /// True if all was as expected.
    public boolean ok() {
        return list.stream().allMatch(Outcome::ok);
    }

    /// The row with what was found, for people; what was not as expected is marked.
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Outcome outcome : list) {
            out.append(outcome.ok() ? "    " : "  ! ").append(outcome.text()).append('\n');
            if (!outcome.ok()) {
                out.append("        expected: ").append(outcome.statement().text());
                out.append("   (line ").append(outcome.statement().line()).append(")\n");
                outcome.mismatches().forEach(m -> out.append("        ").append(m).append('\n'));
            }
        }
        return out.toString();
    }
}
