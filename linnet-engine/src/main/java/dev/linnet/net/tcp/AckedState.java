package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.SoftIrq;
import org.jspecify.annotations.Nullable;

/// What is worked out while one ACK is processed (`struct tcp_sacktag_state` and the locals of
/// `tcp_ack`). Scratch of one thread: taken at the start of an ACK, given back at its end.
@Kernel("tcp_sacktag_state")
public final class AckedState {
    private final SoftIrq home;

    /// The next free object of the thread. More than one is out at a time only where carrying a
    /// packet out makes another sock's ACK come in.
    private @Nullable AckedState nextFree;

    /// `FLAG_*` of [TcpAck] found so far.
    public int flag;

    /// When the first and the last segment that were newly sacked (and sent once) had been sent, us;
    /// 0 if there is none.
    public long firstSackt;

    public long lastSackt;

    /// Lowest sequence of those newly delivered out of order; `sndUna` reach if none.
    public int reord;

    /// Bytes newly delivered.
    public int sackDelivered;

    /// MSS of the segment being merged, for the walk.
    public int mssNow;

    public final RateSample rate = new RateSample();

    /// The blocks of the segment in work, sorted, and the DSACK part.
    public final SackBlocks sp = new SackBlocks(4);

    private AckedState(SoftIrq home) {
        this.home = home;
    }

    /// A clean object of the calling thread.
    public static AckedState take() {
        SoftIrq thread = SoftIrq.current();
        if (thread.ackScratch instanceof AckedState state) {
            thread.ackScratch = state.nextFree;
            state.nextFree = null;
            return state;
        }
        return new AckedState(thread);
    }

    /// Gives it back, on the same thread.
    public void release() {
        clear();
        nextFree = (AckedState) home.ackScratch;
        home.ackScratch = this;
    }

    private void clear() {
        flag = 0;
        firstSackt = 0;
        lastSackt = 0;
        reord = 0;
        sackDelivered = 0;
        mssNow = 0;
        rate.clear();
        sp.clear();
    }
}
