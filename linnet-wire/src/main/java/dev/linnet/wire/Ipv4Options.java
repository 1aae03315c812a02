package dev.linnet.wire;

/// The options of IPv4 (RFC 791 section 3.1, RFC 2113), walked with [OptionList] between `off +
/// Ipv4.HEADER_BYTES` and `off + Ipv4.headerBytes(b, off)`.
///
/// Record route, the source routes and the timestamp option share a shape: kind, length, a pointer
/// that counts from 1 at the kind byte and names the next free slot, then the slots. `p` is where
/// the option's kind byte is.
///
/// ```text
/// +--------+--------+--------+---------//--------+
/// |  kind  | length |pointer |     route data    |      RR, LSRR, SSRR
/// +--------+--------+--------+---------//--------+
/// +--------+--------+--------+----+---+----------+
/// |  kind  | length |pointer |oflw|flg|  slots…  |      TIMESTAMP
/// +--------+--------+--------+----+---+----------+
/// +--------+--------+--------+--------+
/// |  kind  |   4    |      value      |                 ROUTER_ALERT
/// +--------+--------+--------+--------+
/// ```
public final class Ipv4Options {

    /// Record route (Linux's `IPOPT_RR`).
    public static final int RR = 7;

    /// Internet timestamp (Linux's `IPOPT_TIMESTAMP`).
    public static final int TIMESTAMP = 68;

    /// Security (RFC 1108).
    public static final int SEC = 130;

    /// Loose source and record route (Linux's `IPOPT_LSRR`).
    public static final int LSRR = 131;

    /// Commercial security (Linux's `IPOPT_CIPSO`).
    public static final int CIPSO = 134;

    /// Stream identifier.
    public static final int SID = 136;

    /// Strict source and record route (Linux's `IPOPT_SSRR`).
    public static final int SSRR = 137;

    /// Router alert: routers on the way shall look at the packet (RFC 2113, Linux's `IPOPT_RA`).
    public static final int ROUTER_ALERT = 148;

    /// [#timestampFlag]: times only.
    public static final int TS_TSONLY = 0;

    /// [#timestampFlag]: each time preceded by the address of its host.
    public static final int TS_TSANDADDR = 1;

    /// [#timestampFlag]: addresses are given, each host fills in the time after its own.
    public static final int TS_PRESPEC = 3;

    /// The smallest pointer of a route: right behind the three bytes of its head.
    public static final int ROUTE_FIRST_POINTER = 4;

    /// The smallest pointer of a timestamp option.
    public static final int TIMESTAMP_FIRST_POINTER = 5;

    private static final int COPIED = 0x80;

    private Ipv4Options() {}

    /// Whether an option of this kind goes into every fragment (RFC 791: the "copied" flag).
    public static boolean isCopied(int kind) {
        return (kind & COPIED) != 0;
    }

    /// The 1-based place of the next free slot. Only options of at least three bytes have one.
    public static int pointer(byte[] b, int p) {
        return Bytes.u8(b, p + 2);
    }

    public static void pointer(byte[] b, int p, int pointer) {
        Bytes.u8(b, p + 2, pointer);
    }

    /// How many whole addresses a route ([#RR], [#LSRR], [#SSRR]) has room for.
    public static int routeSlots(byte[] b, int p) {
        return Math.max(0, OptionList.bytes(b, p) - (ROUTE_FIRST_POINTER - 1)) / 4;
    }

    /// Address number `i` (from 0) of a route.
    public static int routeAddr(byte[] b, int p, int i) {
        return Bytes.u32(b, p + ROUTE_FIRST_POINTER - 1 + 4 * i);
    }

    public static void routeAddr(byte[] b, int p, int i, int addr) {
        Bytes.u32(b, p + ROUTE_FIRST_POINTER - 1 + 4 * i, addr);
    }

    /// How many hosts found no free slot, 0..15.
    public static int timestampOverflow(byte[] b, int p) {
        return Bytes.u8(b, p + 3) >>> 4;
    }

    /// What the slots hold: [#TS_TSONLY], [#TS_TSANDADDR] or [#TS_PRESPEC].
    public static int timestampFlag(byte[] b, int p) {
        return b[p + 3] & 0xf;
    }

    public static void timestampOverflowFlag(byte[] b, int p, int overflow, int flag) {
        Bytes.u8(b, p + 3, overflow << 4 | flag);
    }

    /// The value of a router alert; 0 is the only one defined.
    public static int routerAlert(byte[] b, int p) {
        return Bytes.u16(b, p + 2);
    }

    /// Writes a router alert and returns the offset behind it.
    public static int putRouterAlert(byte[] b, int p) {
        Bytes.u32(b, p, ROUTER_ALERT << 24 | 4 << 16);
        return p + 4;
    }

    /// Writes an empty route of `slots` addresses and returns the offset behind it. A route is 3
    /// modulo 4 bytes long, so one padding or [OptionList#EOL] belongs before or after it.
    public static int putRoute(byte[] b, int p, int kind, int slots) {
        int bytes = ROUTE_FIRST_POINTER - 1 + 4 * slots;
        Bytes.u8(b, p, kind);
        Bytes.u8(b, p + 1, bytes);
        pointer(b, p, ROUTE_FIRST_POINTER);
        for (int i = 0; i < slots; i++) {
            routeAddr(b, p, i, 0);
        }
        return p + bytes;
    }
}
