package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Sol;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options of level SOL_TCP: one row for each that Linux has, see [TcpOptionTable]. Other levels
/// go to the address family.
final class TcpSockopt {
    /// Reads or writes a number; the sock is locked. `-errno`, or for a setter 0.
    @FunctionalInterface
    interface IntSetter {
        int set(TcpSock tp, int value);
    }

    @FunctionalInterface
    interface IntGetter {
        int get(TcpSock tp);
    }

    /// Takes a value that is not a number.
    @FunctionalInterface
    interface BytesSetter {
        int set(TcpSock tp, byte[] value);
    }

    /// Fills `value`, whose length is what the user offers: bytes valid, or `-errno`.
    @FunctionalInterface
    interface BytesGetter {
        int get(TcpSock tp, byte[] value);
    }

    /// One option; what is null it cannot do.
    record Row(
            int name,
            @Nullable IntSetter set,
            @Nullable IntGetter get,
            @Nullable BytesSetter setBytes,
            @Nullable BytesGetter getBytes) {}

    private static final Map<Integer, Row> ROWS = new HashMap<>();

    static {
        TcpOptionTable.rows().forEach(row -> ROWS.put(row.name(), row));
    }

    private TcpSockopt() {}

    /// 0, `-EINVAL` for a value that is too short or out of range, `-ENOPROTOOPT` for an unknown
    /// option.
    @Kernel({"tcp_setsockopt", "do_tcp_setsockopt"})
    static int setsockopt(TcpSock tp, int level, int name, byte[] value) {
        if (level != Sol.SOL_TCP) {
            return tp.afOps.setsockopt(tp, level, name, value);
        }
        Row row = ROWS.get(name);
        BytesSetter bytes = row == null ? null : row.setBytes();
        if (bytes == null && value.length < 4) {
            return -Errno.EINVAL;
        }
        IntSetter set = row == null ? null : row.set();
        tp.lock.lock();
        try {
            if (bytes != null) {
                return bytes.set(tp, value);
            }
            return set != null ? set.set(tp, Abi.getInt(value, 0)) : -Errno.ENOPROTOOPT;
        } finally {
            tp.lock.unlock();
        }
    }

    /// Bytes valid in `value`, or `-errno`: `-ENOPROTOOPT` for an unknown option. A number is cut to
    /// what the user offers.
    @Kernel({"tcp_getsockopt", "do_tcp_getsockopt"})
    static int getsockopt(TcpSock tp, int level, int name, byte[] value) {
        if (level != Sol.SOL_TCP) {
            return tp.afOps.getsockopt(tp, level, name, value);
        }
        Row row = ROWS.get(name);
        BytesGetter bytes = row == null ? null : row.getBytes();
        IntGetter get = row == null ? null : row.get();
        tp.lock.lock();
        try {
            if (bytes != null) {
                return bytes.get(tp, value);
            }
            return get != null ? give(get.get(tp), value) : -Errno.ENOPROTOOPT;
        } finally {
            tp.lock.unlock();
        }
    }

    /// Hands a number to the user, cut to what he offers.
    static int give(int result, byte[] value) {
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, result);
        int n = Math.min(4, value.length);
        System.arraycopy(raw, 0, value, 0, n);
        return n;
    }
}
