package dev.linnet.hook;

import dev.linnet.uapi.TcpState;

/// Told of the events of TCP connections, and asked for their first values
/// (`BPF_PROG_TYPE_SOCK_OPS`, `tcp_call_bpf`). Override what matters; each runs with the socket locked
/// and must not block.
public abstract class SockOps {
    /// First retransmission time-out of a SYN or SYN-ACK in milliseconds, or -1 for the usual
    /// (`BPF_SOCK_OPS_TIMEOUT_INIT`).
    public int timeoutInit(HookSocket sock) {
        return -1;
    }

    /// First receive window in segments, or -1 (`BPF_SOCK_OPS_RWND_INIT`).
    public int rwndInit(HookSocket sock) {
        return -1;
    }

    /// True if the connection is to ask for ECN whatever `net.ipv4.tcp_ecn` says
    /// (`BPF_SOCK_OPS_NEEDS_ECN`).
    public boolean needsEcn(HookSocket sock) {
        return false;
    }

    /// A connection is about to be opened: no packet is out yet (`BPF_SOCK_OPS_TCP_CONNECT_CB`).
    public void tcpConnect(HookSocket sock) {}

    /// A connection that this host opened is established (`BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB`).
    public void activeEstablished(HookSocket sock) {}

    /// A connection that a peer opened is established (`BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB`).
    public void passiveEstablished(HookSocket sock) {}

    /// The socket listens (`BPF_SOCK_OPS_TCP_LISTEN_CB`).
    public void tcpListen(HookSocket sock) {}

    /// The socket is about to go from one state to another (`BPF_SOCK_OPS_STATE_CB`).
    public void state(HookSocket sock, TcpState from, TcpState to) {}

    /// The retransmission timer has fired (`BPF_SOCK_OPS_RTO_CB`).
    ///
    /// @param rtoMs the time that has passed
    /// @param retransmits how many times before this
    public void rto(HookSocket sock, int rtoMs, int retransmits) {}

    /// A segment was sent again (`BPF_SOCK_OPS_RETRANS_CB`).
    ///
    /// @param seq its first sequence number
    /// @param segments of MSS size in it
    /// @param error `-errno` if it could not be sent, or 0
    public void retransmit(HookSocket sock, int seq, int segments, int error) {}

    /// A round trip was measured (`BPF_SOCK_OPS_RTT_CB`).
    ///
    /// @param rttUs the sample, microseconds
    /// @param srttUs the smoothed round trip time after it, microseconds
    public void rtt(HookSocket sock, long rttUs, int srttUs) {}
}
