package dev.linnet.wire;

/// Address resolution for IPv4 over Ethernet (RFC 826, Linux's `struct arphdr` with the Ethernet
/// body).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |         hrd (hardware)        |         pro (protocol)        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  hln (hw len) |  pln (pr len) |         op (operation)        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                  sha (sender hardware address)                |
/// +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                               | sip (sender protocol address) |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |          sip (cont.)          |  tha (target hardware addr.)  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
/// |                                                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                  tip (target protocol address)                |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public final class Arp {

    /// Bytes of the whole message.
    public static final int HEADER_BYTES = 28;

    // Offsets of the fields.
    public static final int HRD = 0;
    public static final int PRO = 2;
    public static final int HLN = 4;
    public static final int PLN = 5;
    public static final int OP = 6;
    public static final int SHA = 8;
    public static final int SIP = 14;
    public static final int THA = 18;
    public static final int TIP = 24;

    /// `hrd` of Ethernet (Linux's `ARPHRD_ETHER`).
    public static final int HRD_ETHER = 1;

    /// `hrd` of IEEE 802 networks, which Linux takes for Ethernet when it receives.
    public static final int HRD_IEEE802 = 6;

    /// Operation: who has [#tip]?
    public static final int OP_REQUEST = 1;

    /// Operation: [#sip] is at [#sha].
    public static final int OP_REPLY = 2;

    private Arp() {}

    /// Returns [#HEADER_BYTES] for a message that resolves IPv4 on Ethernet, else
    /// [Malformed#HEADER_TRUNCATED] or [Malformed#BAD_TYPE].
    public static int checkHeader(byte[] b, int off, int len) {
        if (len < HEADER_BYTES) {
            return Malformed.HEADER_TRUNCATED;
        }
        int hrd = Bytes.u16(b, off + HRD);
        boolean ours =
                (hrd == HRD_ETHER || hrd == HRD_IEEE802)
                        && Bytes.u16(b, off + PRO) == Ethernet.P_IP
                        && Bytes.u8(b, off + HLN) == 6
                        && Bytes.u8(b, off + PLN) == 4;
        return ours ? HEADER_BYTES : Malformed.BAD_TYPE;
    }

    /// The operation, [#OP_REQUEST] or [#OP_REPLY].
    public static int op(byte[] b, int off) {
        return Bytes.u16(b, off + OP);
    }

    public static void op(byte[] b, int off, int op) {
        Bytes.u16(b, off + OP, op);
    }

    /// The sender's Ethernet address.
    public static long sha(byte[] b, int off) {
        return Bytes.u48(b, off + SHA);
    }

    public static void sha(byte[] b, int off, long mac) {
        Bytes.u48(b, off + SHA, mac);
    }

    /// The sender's IPv4 address.
    public static int sip(byte[] b, int off) {
        return Bytes.u32(b, off + SIP);
    }

    public static void sip(byte[] b, int off, int addr) {
        Bytes.u32(b, off + SIP, addr);
    }

    /// The target's Ethernet address; undefined (normally 0) in a request.
    public static long tha(byte[] b, int off) {
        return Bytes.u48(b, off + THA);
    }

    public static void tha(byte[] b, int off, long mac) {
        Bytes.u48(b, off + THA, mac);
    }

    /// The target's IPv4 address: the one that is asked for in a request.
    public static int tip(byte[] b, int off) {
        return Bytes.u32(b, off + TIP);
    }

    public static void tip(byte[] b, int off, int addr) {
        Bytes.u32(b, off + TIP, addr);
    }

    /// Writes the whole message, with the types of IPv4 on Ethernet.
    public static void put(byte[] b, int off, int op, long sha, int sip, long tha, int tip) {
        Bytes.u16(b, off + HRD, HRD_ETHER);
        Bytes.u16(b, off + PRO, Ethernet.P_IP);
        Bytes.u8(b, off + HLN, 6);
        Bytes.u8(b, off + PLN, 4);
        op(b, off, op);
        sha(b, off, sha);
        sip(b, off, sip);
        tha(b, off, tha);
        tip(b, off, tip);
    }
}
