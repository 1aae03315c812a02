package dev.linnet.wire.pcapng;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One block of a file: a body that is read from front to back.
///
/// @param start where the block starts in the file
/// @param type the kind of block
/// @param body the body, in the section's byte order; its position is that of the next read
record Block(long start, int type, ByteBuffer body) {

    /// Bytes between a block's start and its body: type and length.
    static final int HEAD_BYTES = 8;

    /// One option.
    ///
    /// @param start where it starts in the file
    /// @param code which it is
    /// @param value its value without padding, in the section's byte order
    record Option(long start, int code, ByteBuffer value) {

        /// The value, which must be of exactly `len` bytes.
        ByteBuffer require(int len) throws PcapngException {
            if (value.remaining() != len) {
                throw new PcapngException(
                        start,
                        "option " + code + " of " + value.remaining() + " bytes, not " + len);
            }
            return value.duplicate().order(value.order());
        }

        String text() {
            return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
        }
    }

    /// Reads the next `len` bytes (unsigned) and the padding behind them, which is there if they
    /// are: the body's length is a multiple of 4.
    byte[] bytes(int len) throws PcapngException {
        require(len);
        byte[] value = new byte[len];
        body.get(value);
        body.position(body.position() + Pcapng.padded(len) - len);
        return value;
    }

    /// Reads the options that fill the rest of the body.
    List<Option> options() throws PcapngException {
        List<Option> options = new ArrayList<>();
        while (body.hasRemaining()) {
            long start = offset();
            require(Pcapng.OPTION_HEAD_BYTES);
            int code = Short.toUnsignedInt(body.getShort());
            int len = Short.toUnsignedInt(body.getShort());
            require(len);
            if (code == Pcapng.OPT_END) {
                break;
            }
            ByteBuffer value = body.slice(body.position(), len).order(body.order());
            options.add(new Option(start, code, value));
            body.position(body.position() + Pcapng.padded(len));
        }
        return options;
    }

    /// Insists on `len` bytes (unsigned) being left.
    void require(int len) throws PcapngException {
        if (Integer.compareUnsigned(len, body.remaining()) > 0) {
            throw new PcapngException(
                    offset(),
                    Integer.toUnsignedString(len)
                            + " bytes wanted, the block has "
                            + body.remaining()
                            + " left");
        }
    }

    private long offset() {
        return start + HEAD_BYTES + body.position();
    }
}
