package dev.linnet.net.udp;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.UdpOpt;

/// Options of level `SOL_UDP` (`udp_lib_setsockopt`, `udp_lib_getsockopt`).
final class UdpSockopt {
    private UdpSockopt() {}

    @Kernel("udp_lib_setsockopt")
    static int set(UdpSock sk, int name, byte[] value) {
        if (value.length < 4) {
            return -Errno.EINVAL;
        }
        int val = Abi.getInt(value, 0);
        boolean on = val != 0;
        sk.lock.lock();
        try {
            switch (name) {
                case UdpOpt.UDP_CORK -> {
                    sk.corked = on;
                    if (!on) {
                        UdpCorking.push(sk);
                    }
                }
                case UdpOpt.UDP_ENCAP -> {
                    return UdpEncap.set(sk, val);
                }
                case UdpOpt.UDP_NO_CHECK6_TX -> sk.noCheck6Tx = on;
                case UdpOpt.UDP_NO_CHECK6_RX -> sk.noCheck6Rx = on;
                case UdpOpt.UDP_SEGMENT -> {
                    if (val < 0 || val > 0xFFFF) {
                        return -Errno.EINVAL;
                    }
                    sk.gsoSize = val;
                }
                case UdpOpt.UDP_GRO -> sk.groEnabled = on;
                default -> {
                    return -Errno.ENOPROTOOPT;
                }
            }
            return 0;
        } finally {
            sk.lock.unlock();
        }
    }

    @Kernel("udp_lib_getsockopt")
    static int get(UdpSock sk, int name, byte[] value) {
        int v;
        switch (name) {
            case UdpOpt.UDP_CORK -> v = sk.corked ? 1 : 0;
            case UdpOpt.UDP_ENCAP -> v = sk.encapType;
            case UdpOpt.UDPLITE_SEND_CSCOV, UdpOpt.UDPLITE_RECV_CSCOV ->
                    v = 0; // the whole datagram
            case UdpOpt.UDP_NO_CHECK6_TX -> v = sk.noCheck6Tx ? 1 : 0;
            case UdpOpt.UDP_NO_CHECK6_RX -> v = sk.noCheck6Rx ? 1 : 0;
            case UdpOpt.UDP_SEGMENT -> v = sk.gsoSize;
            case UdpOpt.UDP_GRO -> v = sk.groEnabled ? 1 : 0;
            default -> {
                return -Errno.ENOPROTOOPT;
            }
        }
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, v);
        int n = Math.min(raw.length, value.length);
        System.arraycopy(raw, 0, value, 0, n);
        return n;
    }
}
