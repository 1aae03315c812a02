package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Ioctl;

/// How an epoll instance would poll devices by itself (`struct epoll_params`): only kept, as devices
/// announce everything here (D-003).
final class BusyPoll {
    private static final int SIZE = 8;

    // struct epoll_params: busy_poll_usecs u32, busy_poll_budget u16, prefer_busy_poll u8, pad u8
    private final byte[] params = new byte[SIZE];

    /// `EPIOCSPARAMS` and `EPIOCGPARAMS`; `-EINVAL` for others and for values out of range.
    @Kernel("ep_eventpoll_bp_ioctl")
    synchronized int ioctl(int cmd, byte[] arg) {
        if (cmd != Ioctl.EPIOCSPARAMS && cmd != Ioctl.EPIOCGPARAMS) {
            return -Errno.EINVAL;
        }
        if (arg.length < SIZE) {
            return -Errno.EFAULT;
        }
        if (cmd == Ioctl.EPIOCGPARAMS) {
            System.arraycopy(params, 0, arg, 0, SIZE);
            return 0;
        }
        boolean prefers = arg[6] == 0 || arg[6] == 1;
        if (arg[7] != 0 || Abi.getInt(arg, 0) < 0 || !prefers) {
            return -Errno.EINVAL;
        }
        System.arraycopy(arg, 0, params, 0, SIZE);
        return 0;
    }
}
