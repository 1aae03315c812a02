package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.trace.DropReason;
import dev.linnet.net.core.dev.Flow;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.IpProto;
import dev.linnet.wire.Bytes;
import dev.linnet.wire.In6Addr;
import dev.linnet.wire.OptionList;
import dev.linnet.wire.Tcp;
import dev.linnet.wire.TcpOptions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Signatures of segments (RFC 2385): MD5 over pseudo header, TCP header without options and with a
/// zero checksum, data, and the key.
final class TcpMd5 {
    private static final int DIGEST_BYTES = TcpOptions.MD5_DIGEST_BYTES;

    /// `struct tcp_md5sig`: address 128, flags 1, prefix 1, key length 2, interface 4, key 80 bytes.
    private static final int SOCKOPT_BYTES = 216;

    private static final int FLAG_PREFIX = 1;
    private static final int FLAG_IFINDEX = 2;
    private static final int MAX_KEY = 80;

    private TcpMd5() {}

    // ---- keys
    // ------------------------------------------------------------------------------------

    /// The key for the peer of a connection, or null.
    @Kernel("tcp_v4_md5_lookup")
    static @Nullable TcpMd5Key lookup(TcpSock tp) {
        TcpMd5Keys keys = tp.md5;
        return keys == null ? null : keys.find(tp.daddrHi, tp.daddrLo, tp.boundDevIf);
    }

    /// The key of a sock for some peer, or null.
    @Kernel("tcp_md5_do_lookup")
    static @Nullable TcpMd5Key lookup(TcpSock tp, long hi, long lo, int ifindex) {
        TcpMd5Keys keys = tp.md5;
        return keys == null ? null : keys.find(hi, lo, ifindex);
    }

    /// The key that a TIME-WAIT remain was left, or null.
    static @Nullable TcpMd5Key keyOf(InetTimewaitSock tw) {
        byte[] key = tw.md5Key;
        return key == null ? null : new TcpMd5Key(tw.family, tw.daddrHi, tw.daddrLo, 128, 0, key);
    }

    /// The keys of a connection: the listener's for its peer alone.
    static @Nullable TcpMd5Keys copyFor(TcpSock listener, RequestSock req) {
        TcpMd5Key key = lookup(listener, req.daddrHi, req.daddrLo, req.irIif);
        if (key == null) {
            return null;
        }
        boolean v4 = In6Addr.isV4Mapped(req.daddrHi, req.daddrLo);
        TcpMd5Keys keys = new TcpMd5Keys();
        keys.add(
                new TcpMd5Key(
                        v4 ? Af.AF_INET : Af.AF_INET6,
                        req.daddrHi,
                        req.daddrLo,
                        v4 ? 32 : 128,
                        key.ifindex(),
                        key.key()));
        return keys;
    }

    // ---- TCP_MD5SIG
    // ----------------------------------------------------------------------------------

    static int setsockopt(TcpSock tp, byte[] value) {
        return parse(tp, value, false);
    }

    static int setsockoptExt(TcpSock tp, byte[] value) {
        return parse(tp, value, true);
    }

    /// Adds a key, or with length 0 removes it: 0, `-EINVAL` for a malformed one, `-ENOENT` if there
    /// is none to remove.
    @Kernel({"tcp_v4_parse_md5_keys", "tcp_v6_parse_md5_keys"})
    private static int parse(TcpSock tp, byte[] value, boolean ext) {
        if (value.length < SOCKOPT_BYTES) {
            return -Errno.EINVAL;
        }
        boolean v4 = tp.family == Af.AF_INET;
        if (Abi.getShort(value, 0) != tp.family) {
            return -Errno.EINVAL;
        }
        long hi = v4 ? 0 : Abi.getLongBe(value, 8);
        long lo = v4 ? In6Addr.mapV4(Abi.getIntBe(value, 4)) : Abi.getLongBe(value, 16);
        int flags = ext ? value[128] : 0;
        boolean mapped = In6Addr.isV4Mapped(hi, lo);
        int prefix = mapped ? 32 : 128;
        if ((flags & FLAG_PREFIX) != 0) {
            int given = value[129] & 0xFF;
            if (given > (v4 ? 32 : 128) || (mapped && !v4 && given < 96)) {
                return -Errno.EINVAL;
            }
            prefix = mapped && !v4 ? given - 96 : given;
        }
        int ifindex = (flags & FLAG_IFINDEX) != 0 ? Abi.getInt(value, 132) : 0;
        int keyLen = Abi.getShort(value, 130);
        if (keyLen > MAX_KEY) {
            return -Errno.EINVAL;
        }
        byte[] bytes = Arrays.copyOfRange(value, 136, 136 + keyLen);
        return change(tp, new TcpMd5Key(tp.family, hi, lo, prefix, ifindex, bytes));
    }

    private static int change(TcpSock tp, TcpMd5Key key) {
        TcpMd5Keys keys = tp.md5;
        if (key.key().length == 0) {
            return keys != null && keys.remove(key) ? 0 : -Errno.ENOENT;
        }
        if (keys == null) {
            keys = new TcpMd5Keys();
            tp.md5 = keys;
        }
        keys.add(key);
        return 0;
    }

    // ---- segments that come in
    // ------------------------------------------------------------------------

    /// Why a segment must be refused because of its signature or for want of one, or null.
    @Kernel({"tcp_inbound_hash", "tcp_inbound_md5_hash"})
    @HotPath
    static @Nullable DropReason inbound(TcpSock tp, SkBuff skb) {
        if (tp.md5 == null && TcpSegment.headerBytes(skb) < Tcp.HEADER_BYTES + 18) {
            return null;
        }
        return check(tp, skb);
    }

    /// The same for a segment of a request, whose listener has the keys.
    static @Nullable DropReason inboundRequest(TcpSock listener, SockCommon req, SkBuff skb) {
        return inbound(listener, skb);
    }

    private static @Nullable DropReason check(TcpSock tp, SkBuff skb) {
        long hi = TcpSegment.saddrHi(skb);
        long lo = TcpSegment.saddrLo(skb);
        TcpMd5Key key = lookup(tp, hi, lo, skb.skbIif);
        int option = option(skb);
        if (key == null) {
            if (option < 0) {
                return null;
            }
            tp.net.mib.inc(TcpExt.TCPMD5UNEXPECTED);
            return DropReason.TCP_MD5UNEXPECTED;
        }
        if (option < 0) {
            tp.net.mib.inc(TcpExt.TCPMD5NOTFOUND);
            return DropReason.TCP_MD5NOTFOUND;
        }
        if (!matches(key, skb, option)) {
            tp.net.mib.inc(TcpExt.TCPMD5FAILURE);
            return DropReason.TCP_MD5FAILURE;
        }
        return null;
    }

    private static boolean matches(TcpMd5Key key, SkBuff skb, int option) {
        byte[] digest = new byte[DIGEST_BYTES];
        hashSkb(
                digest,
                0,
                key,
                TcpSegment.saddrHi(skb),
                TcpSegment.saddrLo(skb),
                TcpSegment.daddrHi(skb),
                TcpSegment.daddrLo(skb),
                skb);
        int at = TcpOptions.md5Digest(option);
        return Arrays.equals(digest, 0, DIGEST_BYTES, skb.buf, at, at + DIGEST_BYTES);
    }

    /// True if a segment carries a signature.
    static boolean signed(SkBuff skb) {
        return option(skb) >= 0;
    }

    /// Where the signature option of a segment is, or -1.
    @Kernel("tcp_parse_auth_options")
    private static int option(SkBuff skb) {
        byte[] b = skb.buf;
        int th = skb.transportHeader;
        int end = th + Tcp.headerBytes(b, th);
        int p = OptionList.first(b, th + Tcp.HEADER_BYTES, end);
        for (; p >= 0; p = OptionList.next(b, p, end)) {
            if (OptionList.kind(b, p) == TcpOptions.MD5SIG && TcpOptions.isWellFormed(b, p)) {
                return p;
            }
        }
        return -1;
    }

    /// The key with which a reset for a signed segment is signed; null if there is none, or the
    /// segment's own signature is wrong.
    static @Nullable TcpMd5Key keyForReset(@Nullable TcpSock tp, SkBuff skb) {
        TcpSock sk = tp != null ? tp : listenerOnPort(skb);
        if (sk == null) {
            return null;
        }
        TcpMd5Key key = lookup(sk, TcpSegment.saddrHi(skb), TcpSegment.saddrLo(skb), skb.skbIif);
        return key != null && (tp != null || matches(key, skb, option(skb))) ? key : null;
    }

    /// A connection that is gone may have had its key from a listener that is still there.
    private static @Nullable TcpSock listenerOnPort(SkBuff skb) {
        int port = TcpSegment.source(skb);
        return (TcpSock)
                InetHashtables.OF
                        .of(TcpSegment.net(skb))
                        .listeners
                        .lookup(
                                TcpSegment.saddrHi(skb),
                                TcpSegment.saddrLo(skb),
                                port,
                                TcpSegment.daddrHi(skb),
                                TcpSegment.daddrLo(skb),
                                port,
                                skb.skbIif,
                                null);
    }

    // ---- signing
    // ------------------------------------------------------------------------------------------

    /// Writes a signature option at the end of a header that has room for it and signs the segment.
    ///
    /// @param fl the addresses, in the direction of the segment
    static void signLast(TcpMd5Key key, Flow fl, SkBuff skb) {
        int end = skb.transportHeader + Tcp.headerBytes(skb.buf, skb.transportHeader);
        int option = end - 18;
        TcpOptions.putNops(skb.buf, end - 20, 2);
        TcpOptions.putMd5Sig(skb.buf, option);
        hashSkb(
                skb.buf,
                TcpOptions.md5Digest(option),
                key,
                fl.saddrHi,
                fl.saddrLo,
                fl.daddrHi,
                fl.daddrLo,
                skb);
    }

    /// Computes the digest of a segment with its TCP header at `transportHeader`.
    ///
    /// @param out where the 16 bytes go, from `off` on
    /// @param saddrHi addresses in the direction of the segment
    @Kernel({"tcp_v4_md5_hash_skb", "tcp_v6_md5_hash_skb", "tcp_v4_md5_hash_hdr"})
    static void hashSkb(
            byte[] out,
            int off,
            TcpMd5Key key,
            long saddrHi,
            long saddrLo,
            long daddrHi,
            long daddrLo,
            SkBuff skb) {
        MessageDigest md5 = newMd5();
        int headerBytes = TcpSegment.headerBytes(skb);
        int from = skb.transportHeader - skb.data;
        int len = skb.len - from;
        md5.update(pseudoHeader(saddrHi, saddrLo, daddrHi, daddrLo, len));
        byte[] header =
                Arrays.copyOfRange(
                        skb.buf, skb.transportHeader, skb.transportHeader + Tcp.HEADER_BYTES);
        Tcp.check(header, 0, 0);
        md5.update(header);
        byte[] data = new byte[len - headerBytes];
        SkbOps.copyBits(skb, from + headerBytes, data, 0, data.length);
        md5.update(data);
        md5.update(key.key());
        System.arraycopy(md5.digest(), 0, out, off, DIGEST_BYTES);
    }

    private static byte[] pseudoHeader(
            long saddrHi, long saddrLo, long daddrHi, long daddrLo, int len) {
        if (In6Addr.isV4Mapped(daddrHi, daddrLo)) {
            byte[] p = new byte[12];
            Bytes.u32(p, 0, (int) saddrLo);
            Bytes.u32(p, 4, (int) daddrLo);
            Bytes.u16(p, 8, IpProto.IPPROTO_TCP);
            Bytes.u16(p, 10, len);
            return p;
        }
        byte[] p = new byte[40];
        Bytes.u64(p, 0, saddrHi);
        Bytes.u64(p, 8, saddrLo);
        Bytes.u64(p, 16, daddrHi);
        Bytes.u64(p, 24, daddrLo);
        Bytes.u32(p, 32, len);
        Bytes.u32(p, 36, IpProto.IPPROTO_TCP);
        return p;
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
