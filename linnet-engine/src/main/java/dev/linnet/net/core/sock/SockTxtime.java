package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;

/// `SO_TXTIME`: the sender names the time at which each packet is to leave, with the control message
/// `SCM_TXTIME`. A queueing discipline that knows time would obey; the time is in
/// [IpcmCookie#txtimeNs].
public final class SockTxtime {
    /// `struct sock_txtime`: clock, flags.
    private static final int SIZE = 8;

    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_TAI = 11;

    /// `SOF_TXTIME_DEADLINE_MODE`, `SOF_TXTIME_REPORT_ERRORS`.
    private static final int FLAGS = 3;

    private final int clock;
    private final int flags;

    private SockTxtime(int clock, int flags) {
        this.clock = clock;
        this.flags = flags;
    }

    /// Sets it; the sock is locked. `-EINVAL` for a bad length, flag or clock, `-EPERM` for a clock
    /// other than the monotonic one without privilege.
    @Kernel("sockopt_validate_clockid")
    static int set(Sock sk, byte[] value) {
        if (value.length != SIZE) {
            return -Errno.EINVAL;
        }
        int clock = Abi.getInt(value, 0);
        int flags = Abi.getInt(value, 4);
        if ((flags & ~FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        if (clock != CLOCK_MONOTONIC && sk.uid != 0) {
            return -Errno.EPERM;
        }
        if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_TAI) {
            return -Errno.EINVAL;
        }
        sk.txtime = new SockTxtime(clock, flags);
        return 0;
    }

    static int get(Sock sk, byte[] value) {
        byte[] raw = new byte[SIZE];
        SockTxtime set = sk.txtime;
        if (set != null) {
            Abi.putInt(raw, 0, set.clock);
            Abi.putInt(raw, 4, set.flags);
        }
        int n = Math.min(SIZE, value.length);
        System.arraycopy(raw, 0, value, 0, n);
        return n;
    }
}
