package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.Expr;
import java.util.Arrays;

/// Compares memory with what is expected in it.
public final class Verifier {
    private final Memory memory;
    private final Variables variables;
    private final Findings findings;

    public Verifier(Memory memory, Variables variables, Findings findings) {
        this.memory = memory;
        this.variables = variables;
        this.findings = findings;
    }

    /// Looks at a piece of memory and at all that it points to.
    public void verify(Image image) {
        byte[] now = memory.read(image.address(), image.size());
        image.links.forEach(link -> verify(link.target()));
        image.cells.forEach(cell -> cell(cell, now, 0));
        image.areas.forEach(area -> area(area, now));
        image.sets.forEach(set -> set(set, now));
    }

    private void cell(Image.Cell cell, byte[] now, int base) {
        if (base + cell.offset() + cell.type().bytes > now.length) {
            return;
        }
        long actual = cell.type().get(now, base + cell.offset());
        findings.number(cell.num(), actual);
        Expr expected = cell.expected();
        if (expected != null && !matches(expected, cell.type(), actual)) {
            findings.mismatch(actual + " instead of " + expected.text());
        }
    }

    private boolean matches(Expr expected, IntType type, long actual) {
        if (variables.matches(expected, actual)) {
            return true;
        }
        return type.canonical(variables.eval(expected)) == actual;
    }

    private void area(Image.Area area, byte[] now) {
        byte[] content = Arrays.copyOfRange(now, area.offset(), area.offset() + area.size());
        findings.bytes(area.buffer(), content);
        Image pattern = area.pattern();
        if (pattern == null) {
            return;
        }
        pattern.cells.forEach(cell -> cell(cell, content, 0));
        for (int i = 0; i < content.length; i++) {
            boolean free = i < pattern.size() && pattern.free[i];
            byte expected = i < pattern.size() ? pattern.bytes[i] : 0;
            if (!free && content[i] != expected) {
                findings.mismatch(
                        "byte "
                                + i
                                + " is "
                                + (content[i] & 0xff)
                                + " instead of "
                                + (expected & 0xff));
                return;
            }
        }
    }

    private void set(Image.Set set, byte[] now) {
        var after = set.fds().after();
        byte[] wanted = ImageBuilder.bits(after == null ? set.fds().before() : after, variables);
        byte[] content = Arrays.copyOfRange(now, set.offset(), set.offset() + wanted.length);
        findings.bytes(set.fds(), content);
        if (after != null && !Arrays.equals(content, wanted)) {
            findings.mismatch("other descriptors in the set");
        }
    }
}
