package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;

/// What the options of received segments said (`struct tcp_options_received`): what the handshake
/// agreed on, and what the segment in work carries.
///
/// One belongs to each [TcpSock], guarded by its lock; others are scratch of one thread.
@Kernel("tcp_options_received")
public final class TcpOptionsReceived {
    /// `sackOk`: SACK was agreed on, and a DSACK has been seen (`TCP_SACK_SEEN`, `TCP_DSACK_SEEN`).
    public static final int SACK_SEEN = 1;

    public static final int DSACK_SEEN = 4;

    /// Seconds of the clock at which [#tsRecent] was stored, 0 if there is none.
    public int tsRecentStamp;

    /// Timestamp to echo next (TS.Recent).
    public int tsRecent;

    /// Timestamp value and echo of the segment in work; meant if [#sawTstamp].
    public int rcvTsval;

    public int rcvTsecr;

    /// The segment in work had a timestamp option.
    public boolean sawTstamp;

    /// Timestamps were agreed on.
    public boolean tstampOk;

    /// The next segment reports a duplicate with its first SACK block.
    public boolean dsack;

    /// Window scaling was agreed on; by how many bits the peer's and our windows are shifted.
    public boolean wscaleOk;

    public int sndWscale;
    public int rcvWscale;

    /// A set of [#SACK_SEEN], [#DSACK_SEEN]; 0 without SACK.
    public int sackOk;

    /// SACK blocks waiting in [TcpSock#selectiveAcks()] to be sent.
    public int numSacks;

    /// Limit of the user (`TCP_MAXSEG`), 0 for none; and the MSS that the peer announced, clamped.
    public int userMss;

    public int mssClamp;

    /// Offset of the accurate ECN option in the segment in work from the start of its TCP header, 0
    /// if it has none.
    public int accecn;

    public boolean sackEnabled() {
        return sackOk != 0;
    }

    /// Forgets what was agreed on, before a handshake (`tcp_clear_options`). What belongs to the
    /// user and the timestamps' memory stay.
    @Kernel("tcp_clear_options")
    public void clear() {
        tstampOk = false;
        sackOk = 0;
        wscaleOk = false;
        sndWscale = 0;
        accecn = 0;
        sawTstamp = false;
    }

    /// As new, for a scratch object.
    public void reset() {
        clear();
        tsRecentStamp = 0;
        tsRecent = 0;
        rcvTsval = 0;
        rcvTsecr = 0;
        dsack = false;
        rcvWscale = 0;
        numSacks = 0;
        userMss = 0;
        mssClamp = 0;
    }
}
