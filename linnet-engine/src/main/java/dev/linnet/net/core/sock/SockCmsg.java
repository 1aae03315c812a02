package dev.linnet.net.core.sock;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.CmsgHdr;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SocketType;

/// Control messages of level `SOL_SOCKET` that come with a datagram to send.
public final class SockCmsg {
    private SockCmsg() {}

    /// Takes one control message of a `sendmsg` into account: 0, `-EINVAL` for an unknown one or a
    /// bad length, `-EPERM` (`__sock_cmsg_send`).
    ///
    /// @param at where it begins; it is complete
    @Kernel("__sock_cmsg_send")
    public static int send(Sock sk, byte[] control, int at, IpcmCookie ipc) {
        int data = at + CmsgHdr.SIZE;
        boolean isInt = CmsgHdr.dataLen(control, at) == 4;
        switch (CmsgHdr.type(control, at)) {
            case So.SO_MARK -> {
                if (sk.uid != 0) {
                    return -Errno.EPERM;
                }
                if (!isInt) {
                    return -Errno.EINVAL;
                }
                ipc.mark = Abi.getInt(control, data);
            }
            case So.SO_TIMESTAMPING_OLD, So.SO_TIMESTAMPING_NEW -> {
                int flags = isInt ? Abi.getInt(control, data) : -1;
                if ((flags & ~SockTimestamping.TX_RECORD_MASK) != 0) {
                    return -Errno.EINVAL;
                }
                ipc.tsflags = ipc.tsflags & ~SockTimestamping.TX_RECORD_MASK | flags;
            }
            case So.SO_DEVMEM_DMABUF -> {
                if (!isInt) {
                    return -Errno.EINVAL;
                }
                ipc.dmabufId = Abi.getInt(control, data);
            }
            case So.SCM_TXTIME -> {
                if (sk.txtime == null || CmsgHdr.dataLen(control, at) != 8) {
                    return -Errno.EINVAL;
                }
                ipc.txtimeNs = Abi.getLong(control, data);
            }
            case So.SCM_TS_OPT_ID -> {
                boolean numbered = (sk.tsflags & SockTimestamping.OPT_ID) != 0;
                if (sk.type == SocketType.SOCK_STREAM || !numbered || !isInt) {
                    return -Errno.EINVAL;
                }
                ipc.tsOptId = Abi.getInt(control, data);
                ipc.hasTsOptId = true;
            }
            case So.SO_PRIORITY -> {
                if (!isInt) {
                    return -Errno.EINVAL;
                }
                int priority = Abi.getInt(control, data);
                if ((priority < 0 || priority > 6) && sk.uid != 0) {
                    return -Errno.EPERM;
                }
                ipc.priority = priority;
            }
            // Those of AF_UNIX are passed over.
            case So.SCM_RIGHTS, So.SCM_CREDENTIALS -> {}
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }
}
