package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;

/// A congestion control (`struct tcp_congestion_ops`): one stateless object for all connections,
/// whose state for one is in [TcpSock#caPriv]. Every function runs with the sock's lock owned.
@Kernel("tcp_congestion_ops")
public abstract class TcpCongestionOps {
    /// Name as in `TCP_CONGESTION`, at most 15 characters.
    public final String name;

    protected TcpCongestionOps(String name) {
        this.name = name;
    }

    /// Starts on a connection: makes [TcpSock#caPriv] where it needs one.
    public void init(TcpSock tp) {}

    /// Ends on a connection.
    public void release(TcpSock tp) {}

    /// The slow-start threshold after a loss, segments.
    public abstract int ssthresh(TcpSock tp);

    /// Grows the window: `acked` segments were delivered by an ACK up to `ack`.
    public abstract void congAvoid(TcpSock tp, int ack, int acked);

    /// The state of the congestion state machine is about to become `newState` (`TCP_CA_*`).
    public void setState(TcpSock tp, int newState) {}

    public void cwndEvent(TcpSock tp, CaEvent event) {}

    /// An ACK came, before it is processed further; `flags` of `CA_ACK_*` in [TcpCong].
    public void inAckEvent(TcpSock tp, int flags) {}

    /// The window to return to when a reduction proves needless, segments.
    public abstract int undoCwnd(TcpSock tp);

    /// Segments left the retransmit queue (`struct ack_sample`).
    ///
    /// @param pktsAcked segments acknowledged
    /// @param rttUs round trip of the last one, us, or -1
    /// @param inFlight segments in flight before this ACK was sent by the peer, roughly
    public void pktsAcked(TcpSock tp, int pktsAcked, int rttUs, int inFlight) {}

    /// True if [#congControl] replaces [#congAvoid] and the window reduction of recovery.
    public boolean hasCongControl() {
        return false;
    }

    /// Sets window and pacing rate after an ACK, in every state.
    public void congControl(TcpSock tp, int ack, int flag, RateSample rs) {
        throw new IllegalStateException(name + " has no congControl");
    }

    /// True if [#inAckEvent] and [#pktsAcked] want to be called.
    public boolean wantsAckEvents() {
        return false;
    }

    /// How many windows of data the send buffer shall hold (`sndbuf_expand`).
    public int sndbufExpand(TcpSock tp) {
        return 2;
    }

    /// Fewest segments in a packet (`min_tso_segs`).
    public int minTsoSegs(TcpSock tp) {
        return tp.net.sysctl.get(TcpSysctls.MIN_TSO_SEGS);
    }

    /// `TCP_CC_INFO`: writes the algorithm's structure to `info` and returns its length in bytes; 0 if
    /// it has none.
    public int getInfo(TcpSock tp, byte[] info) {
        return 0;
    }

    /// True if it can be chosen without `CAP_NET_ADMIN` by default (`TCP_CONG_NON_RESTRICTED`).
    public boolean nonRestricted() {
        return false;
    }

    /// True if the connection must be capable of ECN (`TCP_CONG_NEEDS_ECN`).
    public boolean needsEcn() {
        return false;
    }
}
