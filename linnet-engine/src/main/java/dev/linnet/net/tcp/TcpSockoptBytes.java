package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Options of level SOL_TCP whose value is not one number. Sock locked.
final class TcpSockoptBytes {
    /// `TCP_CA_NAME_MAX`, `TCP_ULP_NAME_MAX`.
    private static final int NAME_MAX = 16;

    private TcpSockoptBytes() {}

    private static int give(byte[] from, int length, byte[] value) {
        int n = Math.min(length, value.length);
        System.arraycopy(from, 0, value, 0, n);
        return n;
    }

    static int info(TcpSock tp, byte[] value) {
        byte[] raw = new byte[TcpInfo.SIZE];
        TcpInfoFill.fill(tp).encode(raw, 0);
        return give(raw, raw.length, value);
    }

    static int ccInfo(TcpSock tp, byte[] value) {
        byte[] raw = new byte[64];
        return give(raw, tp.caOps.getInfo(tp, raw), value);
    }

    private static String name(byte[] value) {
        int end = 0;
        while (end < Math.min(value.length, NAME_MAX - 1) && value[end] != 0) {
            end++;
        }
        return new String(value, 0, end, StandardCharsets.ISO_8859_1);
    }

    /// `-EINVAL` for an empty value, `-ENOENT` for an unknown algorithm, `-EPERM` for a restricted
    /// one.
    static int congestion(TcpSock tp, byte[] value) {
        if (value.length < 1) {
            return -Errno.EINVAL;
        }
        return TcpCong.setCongestionControl(tp, name(value), tp.uid == 0);
    }

    static int congestionName(TcpSock tp, byte[] value) {
        byte[] raw = new byte[NAME_MAX];
        byte[] name = tp.caOps.name.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(name, 0, raw, 0, Math.min(name.length, NAME_MAX - 1));
        return give(raw, NAME_MAX, value);
    }

    /// Upper layer protocols (TLS, …) do not exist here: `-ENOENT`, as for an unknown one.
    @Kernel("tcp_set_ulp")
    static int ulp(TcpSock tp, byte[] value) {
        return value.length < 1 ? -Errno.EINVAL : -Errno.ENOENT;
    }

    /// The kept SYN, once; `-EINVAL` if the buffer is too small.
    static int savedSyn(TcpSock tp, byte[] value) {
        byte[] saved = tp.savedSyn;
        if (saved == null) {
            return 0;
        }
        if (value.length < saved.length) {
            return -Errno.EINVAL;
        }
        tp.savedSyn = null;
        return give(saved, saved.length, value);
    }

    /// One key or a key and its predecessor, 16 bytes each.
    static int fastopenKey(TcpSock tp, byte[] value) {
        if (value.length != 16 && value.length != 32) {
            return -Errno.EINVAL;
        }
        TcpFastOpenKeys keys =
                TcpFastOpenKeys.of(
                        Arrays.copyOf(value, 16),
                        value.length == 32 ? Arrays.copyOfRange(value, 16, 32) : null);
        TcpOptionTable.queue(tp).fastopenCtx = keys;
        return 0;
    }

    static int getFastopenKey(TcpSock tp, byte[] value) {
        TcpFastOpenKeys keys = TcpFastOpenKeys.known(tp);
        byte[] raw = keys == null ? new byte[0] : keys.bytes();
        return give(raw, raw.length, value);
    }
}
