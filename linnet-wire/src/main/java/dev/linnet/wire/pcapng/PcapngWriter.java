package dev.linnet.wire.pcapng;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes one capture file: one section, any number of interfaces, timestamps in nanoseconds.
///
/// ```text
/// SHB  section header      once, by the constructor
/// IDB  interface           one per addInterface; ids count from 0
/// EPB  packet              one per write
/// ```
///
/// Any thread may call any method; a packet's block is written whole, packets stand in the order in
/// which their calls got the lock. Output is buffered: [#flush] before somebody else reads the
/// file. After an [IOException] the file may end in the middle of a block and the writer should be
/// closed.
public final class PcapngWriter implements Closeable {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final byte[] PADDING = new byte[3];
    private static final byte[] NO_COMMENT = {};
    private static final byte[] NANOSECONDS = {Pcapng.TSRESOL_NS};
    private static final byte[] APPLICATION = "Linnet".getBytes(StandardCharsets.US_ASCII);

    /// Guards everything below.
    private final ReentrantLock lock = new ReentrantLock();

    private final WritableByteChannel out;
    private final ByteBuffer buffer =
            ByteBuffer.wrap(new byte[BUFFER_BYTES]).order(ByteOrder.LITTLE_ENDIAN);
    private final List<PcapngInterface> interfaces = new ArrayList<>();

    /// Starts a file; nothing reaches `out` before the buffer is full or flushed.
    ///
    /// @param out gets the bytes, and is closed by [#close]; must be in blocking mode
    public PcapngWriter(WritableByteChannel out) throws IOException {
        this.out = out;
        putSectionHeader();
    }

    /// As [#PcapngWriter(WritableByteChannel)].
    public PcapngWriter(OutputStream out) throws IOException {
        this(Channels.newChannel(out));
    }

    private void putSectionHeader() throws IOException {
        int bodyBytes = 16 + optionBytes(APPLICATION) + Pcapng.OPTION_HEAD_BYTES;
        putHead(Pcapng.SHB, bodyBytes);
        put32(Pcapng.BYTE_ORDER_MAGIC);
        put16(Pcapng.MAJOR_VERSION);
        put16(Pcapng.MINOR_VERSION);
        put64(Pcapng.UNKNOWN_SECTION_BYTES);
        putOption(Pcapng.SHB_USERAPPL, APPLICATION);
        putOptionHead(Pcapng.OPT_END, 0);
        putTail(bodyBytes);
    }

    /// Describes an interface; the id it returns is what [#write] wants.
    ///
    /// @throws IllegalArgumentException if the name is longer than 65535 bytes of UTF-8
    public int addInterface(PcapngInterface iface) throws IOException {
        byte[] name = optionText(iface.name());
        lock.lock();
        try {
            int options = optionBytes(name) + optionBytes(NANOSECONDS);
            int bodyBytes = 8 + options + Pcapng.OPTION_HEAD_BYTES;
            putHead(Pcapng.IDB, bodyBytes);
            put16(iface.linkType());
            put16(0);
            put32(iface.snaplen());
            putOption(Pcapng.IF_NAME, name);
            putOption(Pcapng.IF_TSRESOL, NANOSECONDS);
            putOptionHead(Pcapng.OPT_END, 0);
            putTail(bodyBytes);
            interfaces.add(iface);
            return interfaces.size() - 1;
        } finally {
            lock.unlock();
        }
    }

    /// Writes the `len` bytes of `b` from `off` as one packet, cut to the interface's snaplen.
    ///
    /// @param interfaceId an id from [#addInterface]
    /// @param timestampNs nanoseconds since 1970, or since wherever the caller's clock starts; not
    ///     negative
    /// @param comment shown beside the packet; null for none
    /// @throws IllegalArgumentException if the comment is longer than 65535 bytes of UTF-8
    public void write(
            int interfaceId,
            long timestampNs,
            Direction direction,
            byte[] b,
            int off,
            int len,
            @Nullable String comment)
            throws IOException {
        Objects.checkFromIndexSize(off, len, b.length);
        byte[] note = comment == null ? NO_COMMENT : optionText(comment);
        lock.lock();
        try {
            int captured = interfaces.get(interfaceId).captured(len);
            int bodyBytes = 20 + Pcapng.padded(captured) + packetOptionBytes(direction, note);
            putHead(Pcapng.EPB, bodyBytes);
            put32(interfaceId);
            put32((int) (timestampNs >>> 32));
            put32((int) timestampNs);
            put32(captured);
            put32(len);
            putPadded(b, off, captured);
            putPacketOptions(direction, note);
            putTail(bodyBytes);
        } finally {
            lock.unlock();
        }
    }

    /// Hands everything that was written to the channel.
    public void flush() throws IOException {
        lock.lock();
        try {
            drain();
        } finally {
            lock.unlock();
        }
    }

    /// Flushes, and closes the channel. Closing twice is harmless.
    @Override
    public void close() throws IOException {
        lock.lock();
        try (out) {
            if (out.isOpen()) {
                drain();
            }
        } finally {
            lock.unlock();
        }
    }

    private static byte[] optionText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > Pcapng.MAX_OPTION_BYTES) {
            throw new IllegalArgumentException(
                    "text of " + utf8.length + " bytes, pcapng's options hold 65535");
        }
        return utf8;
    }

    private static int optionBytes(byte[] value) {
        return Pcapng.OPTION_HEAD_BYTES + Pcapng.padded(value.length);
    }

    private static int packetOptionBytes(Direction direction, byte[] note) {
        int bytes = direction == Direction.UNKNOWN ? 0 : Pcapng.OPTION_HEAD_BYTES + Integer.BYTES;
        bytes += note.length == 0 ? 0 : optionBytes(note);
        return bytes == 0 ? 0 : bytes + Pcapng.OPTION_HEAD_BYTES;
    }

    private void putPacketOptions(Direction direction, byte[] note) throws IOException {
        if (note.length > 0) {
            putOption(Pcapng.OPT_COMMENT, note);
        }
        if (direction != Direction.UNKNOWN) {
            putOptionHead(Pcapng.EPB_FLAGS, Integer.BYTES);
            put32(direction.ordinal());
        }
        if (note.length > 0 || direction != Direction.UNKNOWN) {
            putOptionHead(Pcapng.OPT_END, 0);
        }
    }

    private void putHead(int type, int bodyBytes) throws IOException {
        put32(type);
        put32(bodyBytes + Pcapng.BLOCK_FRAME_BYTES);
    }

    private void putTail(int bodyBytes) throws IOException {
        put32(bodyBytes + Pcapng.BLOCK_FRAME_BYTES);
    }

    private void putOption(int code, byte[] value) throws IOException {
        putOptionHead(code, value.length);
        putPadded(value, 0, value.length);
    }

    private void putOptionHead(int code, int bytes) throws IOException {
        put16(code);
        put16(bytes);
    }

    private void putPadded(byte[] b, int off, int len) throws IOException {
        put(b, off, len);
        put(PADDING, 0, Pcapng.padded(len) - len);
    }

    private void put(byte[] b, int off, int len) throws IOException {
        int done = 0;
        while (done < len) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int part = Math.min(len - done, buffer.remaining());
            buffer.put(b, off + done, part);
            done += part;
        }
    }

    private void put16(int value) throws IOException {
        room(Short.BYTES);
        buffer.putShort((short) value);
    }

    private void put32(int value) throws IOException {
        room(Integer.BYTES);
        buffer.putInt(value);
    }

    private void put64(long value) throws IOException {
        room(Long.BYTES);
        buffer.putLong(value);
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            drain();
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } finally {
            buffer.compact();
        }
    }
}
