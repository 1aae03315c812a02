package dev.linnet.net.core.sock;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.NetCoreSysctls;
import dev.linnet.net.core.filter.BpfProgram;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.uapi.Bpf;
import dev.linnet.uapi.Errno;

/// The filter that a socket puts before what it receives (`SO_ATTACH_FILTER`). Attaching, detaching
/// and reading it need the sock's lock; [#passes] does not.
@Kernel("sk_filter")
public final class SkFilter {
    /// Bytes that a program costs beside its instructions.
    private static final int STRUCT_COST = 72;

    private SkFilter() {}

    /// 0, `-EPERM` if `SO_LOCK_FILTER` is set, `-EINVAL` for a program that the checker refuses,
    /// `-ENOMEM` for one that is larger than `net.core.optmem_max`.
    ///
    /// @param instructions an array of `struct sock_filter`
    @Kernel("sk_attach_filter")
    public static int attach(Sock sk, byte[] instructions) {
        if (sk.filterLocked) {
            return -Errno.EPERM;
        }
        BpfProgram program = BpfProgram.of(instructions);
        if (program == null) {
            return -Errno.EINVAL;
        }
        int cost = STRUCT_COST + instructions.length;
        if (cost > sk.net.sysctl.get(NetCoreSysctls.OPTMEM_MAX)) {
            return -Errno.ENOMEM;
        }
        sk.filter = program;
        return 0;
    }

    /// 0, `-EPERM` if `SO_LOCK_FILTER` is set, `-ENOENT` without a filter.
    @Kernel("sk_detach_filter")
    public static int detach(Sock sk) {
        if (sk.filterLocked) {
            return -Errno.EPERM;
        }
        if (sk.filter == null) {
            return -Errno.ENOENT;
        }
        sk.filter = null;
        return 0;
    }

    /// Fills `value` with the instructions and returns their bytes, 0 without a filter, `-EINVAL` if
    /// they do not fit. An empty `value` asks for their bytes only.
    @Kernel("sk_get_filter")
    public static int get(Sock sk, byte[] value) {
        BpfProgram program = sk.filter;
        if (program == null) {
            return 0;
        }
        int bytes = program.length() * Bpf.SOCK_FILTER_SIZE;
        if (value.length == 0) {
            return bytes;
        }
        if (value.length < bytes) {
            return -Errno.EINVAL;
        }
        System.arraycopy(program.instructions(), 0, value, 0, bytes);
        return bytes;
    }

    /// True if the sock wants a packet, which is cut to what its filter says. The packet stays the
    /// caller's.
    ///
    /// @param cap bytes that are never cut away: the transport's header
    @Kernel("sk_filter_trim_cap")
    @HotPath
    public static boolean passes(Sock sk, SkBuff skb, int cap) {
        BpfProgram program = sk.filter;
        return program == null || passes(program, skb, cap);
    }

    private static boolean passes(BpfProgram program, SkBuff skb, int cap) {
        int keep = program.run(skb);
        if (keep == 0) {
            return false;
        }
        int wanted = keep < 0 ? Integer.MAX_VALUE : Math.max(cap, keep);
        skb.trim(Math.min(skb.len, wanted));
        return true;
    }
}
