package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.TcpState;
import dev.linnet.wire.Seq;
import dev.linnet.wire.TcpOptions;

/// TCP_REPAIR: a connection is taken apart here and put together elsewhere. Sock locked; user id 0 is
/// what has CAP_NET_ADMIN.
final class TcpRepair {
    /// Bytes of `struct tcp_repair_window` and of `struct tcp_repair_opt`.
    private static final int WINDOW_BYTES = 20;

    private static final int OPT_BYTES = 8;
    private static final int MAX_WSCALE = 14;

    private TcpRepair() {}

    /// `TCP_AO_REPAIR` in a kernel without TCP-AO: who may not repair is told so first.
    @Kernel("tcp_ao_set_repair")
    static int setAo(TcpSock tp, byte[] value) {
        return value.length < 4 ? -Errno.EINVAL : getAo(tp, value);
    }

    @Kernel("tcp_ao_get_repair")
    static int getAo(TcpSock tp, byte[] value) {
        return canRepair(tp) ? -Errno.ENOPROTOOPT : -Errno.EPERM;
    }

    @Kernel("tcp_can_repair_sock")
    private static boolean canRepair(TcpSock tp) {
        return tp.uid == 0 && tp.state != TcpState.TCP_LISTEN;
    }

    static int repair(TcpSock tp, int value) {
        if (!canRepair(tp)) {
            return -Errno.EPERM;
        }
        switch (value) {
            case TcpOpt.TCP_REPAIR_ON -> {
                tp.repair = true;
                tp.reuse = true;
                tp.repairQueue = TcpOpt.TCP_NO_QUEUE;
            }
            case TcpOpt.TCP_REPAIR_OFF, TcpOpt.TCP_REPAIR_OFF_NO_WP -> {
                tp.repair = false;
                tp.reuse = false;
                if (value == TcpOpt.TCP_REPAIR_OFF) {
                    TcpProbe0.sendWindowProbe(tp);
                }
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        return 0;
    }

    static int queue(TcpSock tp, int value) {
        if (!tp.repair) {
            return -Errno.EPERM;
        }
        if (value < TcpOpt.TCP_NO_QUEUE || value > TcpOpt.TCP_SEND_QUEUE) {
            return -Errno.EINVAL;
        }
        tp.repairQueue = value;
        return 0;
    }

    static int getQueue(TcpSock tp, byte[] value) {
        return tp.repair ? TcpSockopt.give(tp.repairQueue, value) : -Errno.EINVAL;
    }

    static int queueSeq(TcpSock tp, int value) {
        if (tp.state != TcpState.TCP_CLOSE) {
            return -Errno.EPERM;
        }
        if (tp.repairQueue == TcpOpt.TCP_SEND_QUEUE) {
            if (!tp.rtxQueue.isEmpty()) {
                return -Errno.EPERM;
            }
            tp.writeSeq = value;
            return 0;
        }
        if (tp.repairQueue != TcpOpt.TCP_RECV_QUEUE) {
            return -Errno.EINVAL;
        }
        if (tp.rcvNxt != tp.copiedSeq) {
            return -Errno.EPERM;
        }
        tp.rcvNxt = value;
        tp.copiedSeq = value;
        return 0;
    }

    static int getQueueSeq(TcpSock tp, byte[] value) {
        return switch (tp.repairQueue) {
            case TcpOpt.TCP_SEND_QUEUE -> TcpSockopt.give(tp.writeSeq, value);
            case TcpOpt.TCP_RECV_QUEUE -> TcpSockopt.give(tp.rcvNxt, value);
            default -> -Errno.EINVAL;
        };
    }

    static int timestamp(TcpSock tp, int value) {
        if (!tp.repair) {
            return -Errno.EPERM;
        }
        tp.tsoffset = value - TcpClock.clockTs(tp.net);
        return 0;
    }

    /// The low bit tells whether timestamps are in microseconds.
    static int timestamp(TcpSock tp) {
        return TcpClock.clockTs(tp.net) + tp.tsoffset & ~1;
    }

    /// What the handshake agreed on, as pairs of option kind and value.
    @Kernel("tcp_repair_options_est")
    static int options(TcpSock tp, byte[] value) {
        if (value.length < 4) {
            return -Errno.EINVAL;
        }
        if (!tp.repair) {
            return -Errno.EINVAL;
        }
        if (tp.state != TcpState.TCP_ESTABLISHED || tp.bytesSent != 0) {
            return -Errno.EPERM;
        }
        for (int at = 0; at + OPT_BYTES <= value.length; at += OPT_BYTES) {
            int err = option(tp, Abi.getInt(value, at), Abi.getInt(value, at + 4));
            if (err != 0) {
                return err;
            }
        }
        return 0;
    }

    private static int option(TcpSock tp, int kind, int value) {
        switch (kind) {
            case TcpOptions.MSS -> {
                tp.rxOpt.mssClamp = value;
                TcpMss.mtupInit(tp);
            }
            case TcpOptions.WSCALE -> {
                int snd = value & 0xFFFF;
                int rcv = value >>> 16;
                if (snd > MAX_WSCALE || rcv > MAX_WSCALE) {
                    return -Errno.EFBIG;
                }
                tp.rxOpt.sndWscale = snd;
                tp.rxOpt.rcvWscale = rcv;
                tp.rxOpt.wscaleOk = true;
            }
            case TcpOptions.SACK_PERM -> {
                if (value != 0) {
                    return -Errno.EINVAL;
                }
                tp.rxOpt.sackOk |= TcpOptionsReceived.SACK_SEEN;
            }
            case TcpOptions.TIMESTAMP -> {
                if (value != 0) {
                    return -Errno.EINVAL;
                }
                tp.rxOpt.tstampOk = true;
            }
            default -> {}
        }
        return 0;
    }

    @Kernel("tcp_repair_set_window")
    static int setWindow(TcpSock tp, byte[] value) {
        if (value.length < 4) {
            return -Errno.EINVAL; // found before the rights are looked at, as for every option
        }
        if (!tp.repair) {
            return -Errno.EPERM;
        }
        if (value.length != WINDOW_BYTES) {
            return -Errno.EINVAL;
        }
        int sndWl1 = Abi.getInt(value, 0);
        int sndWnd = Abi.getInt(value, 4);
        int maxWindow = Abi.getInt(value, 8);
        int rcvWnd = Abi.getInt(value, 12);
        int rcvWup = Abi.getInt(value, 16);
        if (Integer.compareUnsigned(maxWindow, sndWnd) < 0
                || Seq.after(sndWl1, tp.rcvNxt + rcvWnd)
                || Seq.after(rcvWup, tp.rcvNxt)) {
            return -Errno.EINVAL;
        }
        tp.sndWl1 = sndWl1;
        tp.sndWnd = sndWnd;
        tp.maxWindow = maxWindow;
        tp.rcvWnd = rcvWnd;
        tp.rcvWup = rcvWup;
        return 0;
    }

    static int getWindow(TcpSock tp, byte[] value) {
        if (value.length != WINDOW_BYTES) {
            return -Errno.EINVAL;
        }
        if (!tp.repair) {
            return -Errno.EPERM;
        }
        Abi.putInt(value, 0, tp.sndWl1);
        Abi.putInt(value, 4, tp.sndWnd);
        Abi.putInt(value, 8, tp.maxWindow);
        Abi.putInt(value, 12, tp.rcvWnd);
        Abi.putInt(value, 16, tp.rcvWup);
        return WINDOW_BYTES;
    }
}
