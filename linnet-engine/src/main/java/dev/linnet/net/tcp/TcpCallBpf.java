package dev.linnet.net.tcp;

import dev.linnet.hook.SockOps;
import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.Sock;
import dev.linnet.net.core.sock.SockView;
import dev.linnet.uapi.TcpState;

/// Where programs for TCP's events run (`tcp_call_bpf` and the functions around it).
final class TcpCallBpf {
    private TcpCallBpf() {}

    @HotPath
    private static SockOps[] programs(Sock sk) {
        return sk.net.hooks.sockOps();
    }

    /// First time-out of a SYN or SYN-ACK in jiffies: the last program's that names one, or
    /// `usual`.
    @Kernel("tcp_timeout_init")
    static int timeoutInit(Sock sk, int usual) {
        int timeout = usual;
        for (SockOps program : programs(sk)) {
            int asked = program.timeoutInit(new SockView(sk));
            timeout = asked > 0 ? asked : timeout;
        }
        return timeout;
    }

    /// First receive window in segments, or 0 for the usual.
    @Kernel("tcp_rwnd_init_bpf")
    static int rwndInit(Sock sk) {
        int window = 0;
        for (SockOps program : programs(sk)) {
            int asked = program.rwndInit(new SockView(sk));
            window = asked > 0 ? asked : window;
        }
        return window;
    }

    @Kernel("tcp_bpf_ca_needs_ecn")
    static boolean needsEcn(Sock sk) {
        boolean needs = false;
        for (SockOps program : programs(sk)) {
            needs |= program.needsEcn(new SockView(sk));
        }
        return needs;
    }

    static void connect(TcpSock tp) {
        for (SockOps program : programs(tp)) {
            program.tcpConnect(new SockView(tp));
        }
    }

    static void established(TcpSock tp, boolean active) {
        for (SockOps program : programs(tp)) {
            if (active) {
                program.activeEstablished(new SockView(tp));
            } else {
                program.passiveEstablished(new SockView(tp));
            }
        }
    }

    static void listen(TcpSock tp) {
        for (SockOps program : programs(tp)) {
            program.tcpListen(new SockView(tp));
        }
    }

    @HotPath
    static void state(TcpSock tp, TcpState from, TcpState to) {
        if (programs(tp).length > 0) {
            tellState(tp, from, to);
        }
    }

    private static void tellState(TcpSock tp, TcpState from, TcpState to) {
        for (SockOps program : programs(tp)) {
            program.state(new SockView(tp), from, to);
        }
    }

    static void rto(TcpSock tp) {
        for (SockOps program : programs(tp)) {
            program.rto(new SockView(tp), tp.rto, tp.retransmits);
        }
    }

    @HotPath
    static void retransmit(TcpSock tp, int seq, int segments, int error) {
        if (programs(tp).length > 0) {
            tellRetransmit(tp, seq, segments, error);
        }
    }

    private static void tellRetransmit(TcpSock tp, int seq, int segments, int error) {
        for (SockOps program : programs(tp)) {
            program.retransmit(new SockView(tp), seq, segments, error);
        }
    }

    @Kernel("tcp_bpf_rtt")
    @HotPath
    static void rtt(TcpSock tp, long rttUs, int srttUs) {
        if (programs(tp).length > 0) {
            tellRtt(tp, rttUs, srttUs);
        }
    }

    private static void tellRtt(TcpSock tp, long rttUs, int srttUs) {
        for (SockOps program : programs(tp)) {
            program.rtt(new SockView(tp), rttUs, srttUs);
        }
    }
}
