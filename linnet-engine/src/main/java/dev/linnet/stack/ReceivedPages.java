package dev.linnet.stack;

import dev.linnet.kernel.mm.Page;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Memory of received packets that an application has borrowed with [Task#recvPages] instead of having
/// its bytes copied. It belongs to the stack and has to be given back with [#giveBack()] or [#close()];
/// after that the buffers must not be looked at any more. Used by one thread at a time; can be used again.
public final class ReceivedPages implements AutoCloseable {
    private final List<Page> pages = new ArrayList<>();
    private final List<ByteBuffer> buffers = new ArrayList<>();
    private final List<ByteBuffer> view = Collections.unmodifiableList(buffers);

    /// Takes over a reference.
    boolean add(Page page, int offset, int length) {
        pages.add(page);
        buffers.add(ByteBuffer.wrap(page.data, offset, length).slice().asReadOnlyBuffer());
        return true;
    }

    /// The bytes in their order, to be read only.
    public List<ByteBuffer> buffers() {
        return view;
    }

    /// Gives all of it back; the object can be filled again.
    public void giveBack() {
        buffers.clear();
        pages.forEach(Page::put);
        pages.clear();
    }

    /// Gives all of it back.
    @Override
    public void close() {
        giveBack();
    }
}
