package dev.linnet.oracle.memory;

import dev.linnet.oracle.text.Expr;
import dev.linnet.oracle.text.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One piece of memory: its bytes before the call, pointers to other pieces, and what is to be
/// there afterwards.
public final class Image {
    /// A number at a place; `expected` is null if nothing is said about it.
    record Cell(int offset, IntType type, Value.Num num, @Nullable Expr expected) {}

    /// A pointer to another piece.
    record Link(int offset, Image target) {}

    /// A buffer and the pattern that it holds afterwards, if one is given.
    record Area(int offset, int size, Value.Buffer buffer, @Nullable Image pattern) {}

    /// A set of descriptors.
    record Set(int offset, Value.FdSet fds) {}

    final List<Cell> cells = new ArrayList<>();
    final List<Link> links = new ArrayList<>();
    final List<Area> areas = new ArrayList<>();
    final List<Set> sets = new ArrayList<>();
    byte[] bytes = new byte[0];

    /// Bytes of a pattern that may be anything, or that a cell looks at.
    boolean[] free = new boolean[0];

    private long address;

    /// Where the piece is, once it has been placed.
    public long address() {
        return address;
    }

    public int size() {
        return bytes.length;
    }

    /// Gives this piece and all that it points to their places and contents.
    public void place(Memory memory) {
        for (Link link : links) {
            link.target.place(memory);
            IntType.I64.put(bytes, link.offset, link.target.address);
        }
        address = memory.allocate(bytes.length);
        memory.write(address, bytes);
    }
}
