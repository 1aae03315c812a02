package dev.linnet.net.core.sock;

import dev.linnet.uapi.SockExtendedErr;

/// What an entry of the error queue says (`struct sock_exterr_skb`); hangs on its packet.
///
/// @param ee the error, or what happened to a sent packet
/// @param hasAddr the address that the packet was sent to is known: `recvmsg` tells it
/// @param hi that address, IPv4 mapped
/// @param lo its low half
/// @param port its port in host order, or 0
/// @param hasOffender an ICMP message brought the error: its sender is known
/// @param offenderHi the sender's address, IPv4 mapped
/// @param offenderLo its low half
/// @param stats the packet is statistics of the connection, for a control message
///     (`SCM_TIMESTAMPING_OPT_STATS`)
public record SockExterr(
        SockExtendedErr ee,
        boolean hasAddr,
        long hi,
        long lo,
        int port,
        boolean hasOffender,
        long offenderHi,
        long offenderLo,
        boolean stats) {
    /// An entry whose packet is the one that it is about.
    public SockExterr(
            SockExtendedErr ee,
            boolean hasAddr,
            long hi,
            long lo,
            int port,
            boolean hasOffender,
            long offenderHi,
            long offenderLo) {
        this(ee, hasAddr, hi, lo, port, hasOffender, offenderHi, offenderLo, false);
    }

    /// The same entry, whose packet is statistics.
    SockExterr withStats() {
        return new SockExterr(ee, hasAddr, hi, lo, port, hasOffender, offenderHi, offenderLo, true);
    }

    /// An entry that no packet from outside brought: a timestamp, a finished zero-copy send.
    public static SockExterr of(SockExtendedErr ee) {
        return new SockExterr(ee, false, 0, 0, 0, false, 0, 0);
    }
}
