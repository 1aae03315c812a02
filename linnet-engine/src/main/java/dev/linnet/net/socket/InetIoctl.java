package dev.linnet.net.socket;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;

/// `ioctl` on sockets of the Internet families: what the protocol knows (`SIOCINQ` …) and what the
/// interfaces do (`SIOCGIF*`).
final class InetIoctl {
    private InetIoctl() {}

    @Kernel("inet_ioctl")
    static int ioctl(InetSock sk, int cmd, byte[] arg) {
        int value = sk.prot.ioctl(sk, cmd);
        if (value == -Errno.ENOIOCTLCMD) {
            return IfreqIoctl.ioctl(sk.net, cmd, arg);
        }
        if (value < 0) {
            return value;
        }
        if (arg.length < 4) {
            return -Errno.EFAULT;
        }
        Abi.putInt(arg, 0, value);
        return 0;
    }
}
