package dev.linnet.uapi;

/// What a sender thinks of the path: the state of congestion avoidance and loss recovery. Order
/// matters, comparisons such as "worse than CWR" are made with [#ordinal()], which is Linux's number.
///
/// Source: `enum tcp_ca_state` in `include/uapi/linux/tcp.h`.
public enum TcpCaState {
    /// All is well.
    OPEN("Open"),
    /// Duplicate or selective acknowledgements have come; perhaps a loss, perhaps only disorder.
    DISORDER("Disorder"),
    /// The window is being reduced after a mark (ECN) or a local drop, without a loss.
    CWR("CWR"),
    /// Fast recovery: lost segments are sent again.
    RECOVERY("Recovery"),
    /// Recovery after a retransmission timeout.
    LOSS("Loss");

    private static final TcpCaState[] VALUES = values();

    private final String stem;

    TcpCaState(String stem) {
        this.stem = stem;
    }

    /// Linux's number, 0 to 4.
    public int value() {
        return ordinal();
    }

    /// The bit of this state in a set (`TCPF_CA_Open` is 1).
    public int mask() {
        return 1 << ordinal();
    }

    /// Whether this state is in a set made by or-ing [#mask()]s.
    public boolean in(int set) {
        return (mask() & set) != 0;
    }

    /// The state with Linux's number `value`, 0 to 4.
    public static TcpCaState of(int value) {
        if (value < 0 || value >= VALUES.length) {
            throw new IllegalArgumentException("no congestion avoidance state " + value);
        }
        return VALUES[value];
    }

    /// Linux's name, such as `TCP_CA_Open`.
    public String kernelName() {
        return "TCP_CA_" + stem;
    }
}
