package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was found in memory after a call, for each value that is looked at, and what of it was not
/// as expected.
public final class Findings {
    /// Numbers as `Long`, buffers and descriptor sets as `byte[]`, by identity.
    private final Map<Value, Object> found = new IdentityHashMap<>();

    private final List<String> mismatches = new ArrayList<>();

    void number(Value.Num num, long value) {
        found.put(num, value);
    }

    void bytes(Value value, byte[] bytes) {
        found.put(value, bytes);
    }

    void mismatch(String text) {
        mismatches.add(text);
    }

    @Nullable Long number(Value.Num num) {
        return (Long) found.get(num);
    }

    byte @Nullable [] bytes(Value value) {
        return (byte[]) found.get(value);
    }

    /// What was not as expected; empty if all was.
    public List<String> mismatches() {
        return mismatches;
    }
}
