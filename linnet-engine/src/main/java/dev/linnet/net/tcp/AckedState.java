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

    /// What recovery wants to be sent at the end of the ACK: nothing, new data first (F-RTO), or what
    /// is marked lost.
    public static final int REXMIT_NONE = 0;

    public static final int REXMIT_NEW = 1;
    public static final int REXMIT_LOST = 2;

    /// `FLAG_*` of [TcpAck] found so far.
    public int flag;

    /// As they were before this ACK: SND.UNA, the highest sacked sequence, and the counts of segments
    /// in flight, delivered, lost.
    public int priorSndUna;

    public int priorFack;
    public int priorPackets;
    public int priorDelivered;
    public int priorLost;
    public boolean priorReneg;

    /// TTL or hop limit with which it came, for those who ask (`SOF_TIMESTAMPING_OPT_STATS`).
    public int hopLimit;

    /// Duplicate ACKs that this one stands for, and what to send at the end (`REXMIT_*`).
    public int numDupack;

    public int rexmit;

    /// Segments with CE that accurate ECN found.
    public int ecnCount;

    /// When the first and the last segment that were newly sacked (and sent once) had been sent, us;
    /// 0 if there is none.
    public long firstSackt;

    public long lastSackt;

    /// A DSACK that lies inside the block in work, and whether there is one.
    public int dupStart;

    public int dupEnd;
    public boolean nextDup;

    /// The highest sacked segment is the last: no further block has a segment to tag.
    public boolean beyondHighest;

    /// As `firstSackt` and `lastSackt`, of what was acknowledged; how many segments that was; and whether
    /// the last packet was acknowledged as a whole, else where it began.
    public long firstAckt;

    public long lastAckt;
    public int pktsAcked;
    public boolean fullyAcked;
    public int startSeq;

    /// Lowest sequence delivered out of order by this ACK; SND.NXT if there is none.
    public int reord;

    /// Segments that SACK and DSACK say were delivered, and bytes newly delivered in all.
    public int sackDelivered;

    public int deliveredBytes;

    /// MSS of the segment being merged, for the walk.
    public int mssNow;

    public final RateSample rate = new RateSample();

    /// The blocks of the segment in work, sorted, and the DSACK part.
    public final SackBlocks sp = new SackBlocks(4);

    private AckedState(SoftIrq home) {
        this.home = home;
    }

    boolean has(int flags) {
        return (flag & flags) != 0;
    }

    boolean eceAck() {
        return has(TcpAck.FLAG_ECE);
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
        priorSndUna = 0;
        priorFack = 0;
        priorPackets = 0;
        priorDelivered = 0;
        priorLost = 0;
        priorReneg = false;
        numDupack = 0;
        rexmit = REXMIT_NONE;
        ecnCount = 0;
        deliveredBytes = 0;
        firstSackt = 0;
        lastSackt = 0;
        dupStart = 0;
        dupEnd = 0;
        nextDup = false;
        firstAckt = 0;
        lastAckt = 0;
        pktsAcked = 0;
        fullyAcked = false;
        startSeq = 0;
        reord = 0;
        sackDelivered = 0;
        mssNow = 0;
        rate.clear();
        sp.clear();
    }
}
