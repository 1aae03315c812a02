package dev.linnet.net.socket;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.InetSock;

/// `ioctl` on sockets of the Internet families: what the protocol knows (`SIOCINQ` …) and what the
/// interfaces do (`SIOCGIF*`).
final class InetIoctl {
    private InetIoctl() {}

    @Kernel("inet_ioctl")
    static int ioctl(InetSock sk, int cmd, byte[] arg) {
        return IfreqIoctl.answer(sk.net, sk.prot.ioctl(sk, cmd), cmd, arg);
    }
}
