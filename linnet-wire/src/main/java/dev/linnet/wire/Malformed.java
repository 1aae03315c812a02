package dev.linnet.wire;

/// The negative answers of the `checkHeader` functions: why bytes are not a header of the wanted
/// kind.
///
/// Each `X.checkHeader(b, off, len)` looks at the `len` bytes from `off`, compares every length and
/// version field with what is really there, and returns either the header's length in bytes (≥ 0:
/// the accessors of `X` may now be used without further checks) or one of these reasons. A check
/// judges lengths and versions only: it verifies no checksum and forms no opinion on addresses or
/// flags.
public final class Malformed {

    /// Fewer bytes than the header occupies.
    public static final int HEADER_TRUNCATED = -1;

    /// The version field is not the one that belongs to this header.
    public static final int BAD_VERSION = -2;

    /// The header-length field is below the smallest legal header.
    public static final int BAD_HEADER_LENGTH = -3;

    /// The length field promises more bytes than there are.
    public static final int PAYLOAD_TRUNCATED = -4;

    /// The length field does not even cover the header.
    public static final int BAD_LENGTH = -5;

    /// A type field names something that this class does not describe (ARP for other hardware, an
    /// unknown GSO type).
    public static final int BAD_TYPE = -6;

    private Malformed() {}

    /// The reason in a few words, for messages; any other number gives "malformed (n)".
    public static String text(int reason) {
        return switch (reason) {
            case HEADER_TRUNCATED -> "header truncated";
            case BAD_VERSION -> "bad version";
            case BAD_HEADER_LENGTH -> "bad header length";
            case PAYLOAD_TRUNCATED -> "payload truncated";
            case BAD_LENGTH -> "bad length";
            case BAD_TYPE -> "bad type";
            default -> "malformed (" + reason + ")";
        };
    }
}
