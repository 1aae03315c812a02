package dev.linnet.uapi;

/// States of a TCP connection (RFC 9293 section 3.3.2), with Linux's names and numbers. Other
/// protocols use TCP_ESTABLISHED for "connected" and TCP_CLOSE for "not connected".
///
/// Source: `include/net/tcp_states.h`.
public enum TcpState {
    /// Both sides may send.
    TCP_ESTABLISHED(1),
    /// Our SYN is out.
    TCP_SYN_SENT(2),
    /// SYN received from the other side; of a full sock only with Fast Open or crossing SYNs.
    TCP_SYN_RECV(3),
    /// Our FIN is out and not acknowledged.
    TCP_FIN_WAIT1(4),
    /// Our FIN is acknowledged, the peer's has not come.
    TCP_FIN_WAIT2(5),
    /// Both FINs are done; waits until old segments have died.
    TCP_TIME_WAIT(6),
    /// No connection.
    TCP_CLOSE(7),
    /// The peer's FIN has come, ours is not sent.
    TCP_CLOSE_WAIT(8),
    /// The peer's FIN has come and ours is out.
    TCP_LAST_ACK(9),
    /// Waits for connections.
    TCP_LISTEN(10),
    /// Both FINs are out, ours is not acknowledged.
    TCP_CLOSING(11),
    /// A request sock: a SYN was received, there is no full sock yet.
    TCP_NEW_SYN_RECV(12),
    /// Only for `ss`: bound, neither connected nor listening.
    TCP_BOUND_INACTIVE(13);

    private static final TcpState[] BY_VALUE = new TcpState[14];

    static {
        for (TcpState s : values()) {
            BY_VALUE[s.value] = s;
        }
    }

    private final int value;
    private final int mask;

    TcpState(int value) {
        this.value = value;
        this.mask = 1 << value;
    }

    /// Linux's number, 1 to 13.
    public int value() {
        return value;
    }

    /// The bit of this state in a set of states (`TCPF_ESTABLISHED` is `1 << 1`).
    public int mask() {
        return mask;
    }

    /// Whether this state is in a set made by or-ing [#mask()]s.
    public boolean in(int set) {
        return (mask & set) != 0;
    }

    /// The state with Linux's number `value`, 1 to 13.
    public static TcpState of(int value) {
        if (value < 1 || value >= BY_VALUE.length) {
            throw new IllegalArgumentException("no TCP state " + value);
        }
        return BY_VALUE[value];
    }

    /// How `ss` prints the state, such as `ESTAB` or `FIN-WAIT-1`.
    public String ssName() {
        return switch (this) {
            case TCP_ESTABLISHED -> "ESTAB";
            case TCP_FIN_WAIT1 -> "FIN-WAIT-1";
            case TCP_FIN_WAIT2 -> "FIN-WAIT-2";
            case TCP_CLOSE -> "UNCONN";
            case TCP_NEW_SYN_RECV -> "SYN-RECV";
            default -> name().substring("TCP_".length()).replace('_', '-');
        };
    }
}
