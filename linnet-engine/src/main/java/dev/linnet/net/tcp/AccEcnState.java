package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.wire.Ecn;

/// Accurate ECN of one connection (RFC 9768): what came in with each codepoint, and what the peer
/// says came in at its end. Guarded by the sock's lock.
///
/// The byte counters are 24-bit modular on the wire and 32-bit here. Their index is the codepoint
/// minus one: ECT(1), ECT(0), CE ([Ecn]).
public final class AccEcnState {
    /// `opt_fail`: do not trust or do not send ACE or options (RFC 9768 section 3.2.2).
    public static final int ACE_FAIL_SEND = 1;

    public static final int ACE_FAIL_RECV = 2;
    public static final int OPT_FAIL_SEND = 4;
    public static final int OPT_FAIL_RECV = 8;

    /// First values of the ACE counter of packets (r.cep, s.cep) and of the byte counters.
    public static final int CEP_INIT_OFFSET = 5;

    public static final int OPT_INIT_OFFSET = 1;

    /// `sawOption`: no option was seen yet, none although one was due, empty ones, with counters,
    /// and so many that the path is proven.
    public static final int OPT_NOT_SEEN = 0;

    public static final int OPT_EMPTY_SEEN = 1;
    public static final int OPT_COUNTER_SEEN = 2;
    public static final int OPT_FAIL_SEEN = 3;

    /// Packets received with CE, and those of them that no ACK has told of (a few at most matter).
    public int receivedCe;

    public int receivedCePending;

    /// What connections have that count nothing; never written.
    private static final int[] NOTHING = new int[3];

    /// Payload bytes received with ECT(1), ECT(0), CE; changed by [#addReceived].
    public int[] receivedEcnBytes = NOTHING;

    /// Payload bytes that the peer says it received so; changed by [#addDelivered].
    public int[] deliveredEcnBytes = NOTHING;

    /// Codepoints of the SYN or SYN-ACK that we sent and received.
    public int synEctSnt;

    public int synEctRcv;

    /// A codepoint change or a counter wrap asks for this many options; when the last was sent, us.
    public int optDemand;

    public long optTstampUs;

    /// Counters that the next option must have at least (1 to 3).
    public int minlen;

    /// Codepoint of the last packet received.
    public int prevEcnfield;

    /// Which counter the last option changed, minus nothing: 0 if unknown ([Ecn]).
    public int estEcnfield;

    /// A set of `*_FAIL_*`.
    public int failMode;

    /// What is known about options that come from the peer (`OPT_*_SEEN`).
    public int sawOption;

    /// Counts payload with a codepoint that came in.
    public void addReceived(int codepoint, int bytes) {
        if (receivedEcnBytes == NOTHING) {
            receivedEcnBytes = new int[3];
        }
        receivedEcnBytes[codepoint - 1] += bytes;
    }

    /// Counts payload with a codepoint that the peer received.
    public void addDelivered(int codepoint, int bytes) {
        if (deliveredEcnBytes == NOTHING) {
            deliveredEcnBytes = new int[3];
        }
        deliveredEcnBytes[codepoint - 1] += bytes;
    }

    @Kernel("tcp_accecn_init_counters")
    public void initCounters() {
        receivedCe = 0;
        receivedCePending = 0;
        receivedEcnBytes = NOTHING;
        deliveredEcnBytes = NOTHING;
        minlen = 0;
        optDemand = 0;
        estEcnfield = 0;
    }

    /// As new.
    public void clear() {
        initCounters();
        synEctSnt = Ecn.NOT_ECT;
        synEctRcv = Ecn.NOT_ECT;
        optTstampUs = 0;
        prevEcnfield = Ecn.NOT_ECT;
        failMode = 0;
        sawOption = OPT_NOT_SEEN;
    }
}
