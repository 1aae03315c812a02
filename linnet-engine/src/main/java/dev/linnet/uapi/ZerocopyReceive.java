package dev.linnet.uapi;

import java.util.Arrays;

/// What `TCP_ZEROCOPY_RECEIVE` is asked for and answers (`struct tcp_zerocopy_receive`). A caller may
/// know fewer fields than there are: what it does not give is zero.
///
/// Source: `include/uapi/linux/tcp.h`.
public final class ZerocopyReceive {
    /// Bytes of the whole structure.
    public static final int SIZE = 64;

    /// Bytes that a caller knows at least.
    public static final int MIN_SIZE = 12;

    private static final int END_INQ = 20;
    private static final int END_ERR = 24;
    private static final int END_MSG_FLAGS = 60;

    /// In: where the mapping is that pages go to.
    public long address;

    /// In: bytes that may be mapped there. Out: bytes that are.
    public int length;

    /// Out: bytes that have to be read by other means before pages can be mapped again.
    public int recvSkipHint;

    /// Out: bytes that can be read after this; 1 at the end of the stream.
    public int inq;

    /// Out: the connection's error.
    public int err;

    /// In: where bytes are copied to that cannot be mapped.
    public long copybufAddress;

    /// In: room there. Out: bytes copied, or `-errno`.
    public int copybufLen;

    public int flags;
    public long msgControl;
    public long msgControllen;

    /// In: control messages wanted (`TCP_CMSG_TS`). Out: those that are there.
    public int msgFlags;

    public int reserved;

    /// Reads as much of the structure as there is.
    public static ZerocopyReceive decode(byte[] value) {
        byte[] raw = Arrays.copyOf(value, SIZE);
        ZerocopyReceive z = new ZerocopyReceive();
        z.address = Abi.getLong(raw, 0);
        z.length = Abi.getInt(raw, 8);
        z.recvSkipHint = Abi.getInt(raw, 12);
        z.inq = Abi.getInt(raw, 16);
        z.err = Abi.getInt(raw, 20);
        z.copybufAddress = Abi.getLong(raw, 24);
        z.copybufLen = Abi.getInt(raw, 32);
        z.flags = Abi.getInt(raw, 36);
        z.msgControl = Abi.getLong(raw, 40);
        z.msgControllen = Abi.getLong(raw, 48);
        z.msgFlags = Abi.getInt(raw, 56);
        z.reserved = Abi.getInt(raw, 60);
        return z;
    }

    /// Writes as much of the structure as there is room for: how many bytes that is.
    public int encode(byte[] value) {
        byte[] raw = new byte[SIZE];
        Abi.putLong(raw, 0, address);
        Abi.putInt(raw, 8, length);
        Abi.putInt(raw, 12, recvSkipHint);
        Abi.putInt(raw, 16, inq);
        Abi.putInt(raw, 20, err);
        Abi.putLong(raw, 24, copybufAddress);
        Abi.putInt(raw, 32, copybufLen);
        Abi.putInt(raw, 36, flags);
        Abi.putLong(raw, 40, msgControl);
        Abi.putLong(raw, 48, msgControllen);
        Abi.putInt(raw, 56, msgFlags);
        Abi.putInt(raw, 60, reserved);
        int n = Math.min(value.length, SIZE);
        System.arraycopy(raw, 0, value, 0, n);
        return n;
    }

    /// True if a structure of this length ends with a field from `err` on: those are the lengths that
    /// the structure once had, and only they are told of an error.
    public static boolean hasErr(int length) {
        return switch (length) {
            case END_ERR, 32, 36, 40, 48, 56 -> true;
            default -> length >= END_MSG_FLAGS;
        };
    }

    /// True if a structure of this length is told what can be read.
    public static boolean hasInq(int length) {
        return length == END_INQ || hasErr(length);
    }
}
