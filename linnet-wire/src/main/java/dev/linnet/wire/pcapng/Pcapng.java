package dev.linnet.wire.pcapng;

/// Numbers of the pcapng format.
final class Pcapng {

    /// Section header block: reads the same in both byte orders.
    static final int SHB = 0x0a0d0d0a;

    /// Interface description block.
    static final int IDB = 1;

    /// Simple packet block.
    static final int SPB = 3;

    /// Enhanced packet block.
    static final int EPB = 6;

    /// First word of a section, tells its byte order.
    static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;

    /// [#BYTE_ORDER_MAGIC] of a section in the other byte order.
    static final int BYTE_ORDER_MAGIC_SWAPPED = 0x4d3c2b1a;

    static final int MAJOR_VERSION = 1;
    static final int MINOR_VERSION = 0;

    /// Section length "not said".
    static final long UNKNOWN_SECTION_BYTES = -1;

    static final int OPT_END = 0;
    static final int OPT_COMMENT = 1;
    static final int SHB_USERAPPL = 4;
    static final int IF_NAME = 2;
    static final int IF_TSRESOL = 9;
    static final int IF_TSOFFSET = 14;
    static final int EPB_FLAGS = 2;

    /// `if_tsresol` of nanoseconds: 10 to the power of minus this.
    static final int TSRESOL_NS = 9;

    /// `if_tsresol` that holds where the option is missing: microseconds.
    static final int TSRESOL_DEFAULT = 6;

    /// Bytes of a block besides its body: type, length, and the length again.
    static final int BLOCK_FRAME_BYTES = 12;

    /// Bytes of the head of an option: code and length.
    static final int OPTION_HEAD_BYTES = 4;

    /// The longest value of an option.
    static final int MAX_OPTION_BYTES = 0xffff;

    private Pcapng() {}

    /// `bytes` rounded up to the 4 bytes to which everything is padded.
    static int padded(int bytes) {
        return (bytes + 3) & ~3;
    }
}
