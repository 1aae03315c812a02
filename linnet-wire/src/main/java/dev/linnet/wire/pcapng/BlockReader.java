package dev.linnet.wire.pcapng;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a file into blocks and keeps the byte order of the current section.
final class BlockReader {

    /// No writer makes blocks near this: a longer length is a broken one, and must not become an
    /// allocation.
    private static final int MAX_BLOCK_BYTES = 16 * 1024 * 1024;

    private final InputStream in;
    private @Nullable ByteOrder order; // null before the first section
    private long position;

    BlockReader(InputStream in) {
        this.in = in;
    }

    /// The next block, or null at the end of the file.
    @Nullable Block next() throws IOException {
        long start = position;
        byte[] head = in.readNBytes(Pcapng.BLOCK_FRAME_BYTES); // the shortest block, or the magic
        position += head.length;
        if (head.length == 0) {
            return null;
        }
        requireAll(head.length == Pcapng.BLOCK_FRAME_BYTES);
        ByteBuffer frame = ByteBuffer.wrap(head);
        if (frame.getInt(0) == Pcapng.SHB) {
            order = sectionOrder(start, frame.getInt(Block.HEAD_BYTES));
        }
        if (order == null) {
            throw new PcapngException(start, "no section header: not a pcapng file");
        }
        frame.order(order);
        int type = frame.getInt(0);
        int blockBytes = checkedLength(start, frame.getInt(4));
        byte[] whole = Arrays.copyOf(head, blockBytes);
        int rest = in.readNBytes(whole, head.length, blockBytes - head.length);
        position += rest;
        requireAll(rest == blockBytes - head.length);
        ByteBuffer block = ByteBuffer.wrap(whole).order(order);
        int bodyBytes = blockBytes - Pcapng.BLOCK_FRAME_BYTES;
        if (block.getInt(Block.HEAD_BYTES + bodyBytes) != blockBytes) {
            throw new PcapngException(position - 4, "a block's two lengths differ");
        }
        return new Block(start, type, block.slice(Block.HEAD_BYTES, bodyBytes).order(order));
    }

    private void requireAll(boolean all) throws PcapngException {
        if (!all) {
            throw new PcapngException(position, "file ends inside a block");
        }
    }

    private static ByteOrder sectionOrder(long start, int magic) throws PcapngException {
        return switch (magic) {
            case Pcapng.BYTE_ORDER_MAGIC -> ByteOrder.BIG_ENDIAN;
            case Pcapng.BYTE_ORDER_MAGIC_SWAPPED -> ByteOrder.LITTLE_ENDIAN;
            default ->
                    throw new PcapngException(
                            start + Block.HEAD_BYTES, "a section without byte-order magic");
        };
    }

    private static int checkedLength(long start, int len) throws PcapngException {
        if (len < Pcapng.BLOCK_FRAME_BYTES || len > MAX_BLOCK_BYTES || (len & 3) != 0) {
            throw new PcapngException(
                    start + 4, "impossible block length " + Integer.toUnsignedString(len));
        }
        return len;
    }
}
