package dev.linnet.net.core.sock;

import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.uapi.TcpState;
import org.jspecify.annotations.Nullable;

/// What is left of a connection in TIME-WAIT or in FIN-WAIT-2 without an owner
/// (`struct inet_timewait_sock`, `struct tcp_timewait_sock`). Small: a server has many of them.
///
/// Guarded by its own monitor; the quadruple is immutable.
public final class InetTimewaitSock extends SockCommon {
    /// `TCP_TIME_WAIT` or `TCP_FIN_WAIT2`.
    public volatile TcpState substate = TcpState.TCP_TIME_WAIT;

    public @Nullable KTimer timer;
    public @Nullable Object bindBucket;
    public int timeoutJiffies;
    public int rcvNxt;
    public int sndNxt;
    public int rcvWnd;
    public int tsOffset;
    public int tsRecent;
    public int tsRecentStamp;
    public int lastOowAckTime;

    /// When TIME-WAIT began, ms of the clock (`tw_entry_stamp`).
    public int entryStampMs;

    public int rcvWscale;
    public boolean tstampOk;
    public int tos;
    public int mark;
    public int priority;
    public int flowLabel;
    public boolean ipv6only;
    public boolean transparent;
    public boolean reuse;
    public boolean reuseport;
    public int txDelay;
    public int uid;

    /// Bytes of the TCP-MD5 key of the connection, or null.
    public byte @Nullable [] md5Key;

    public InetTimewaitSock(NetNamespace net, int family) {
        super(net, family);
        state = TcpState.TCP_TIME_WAIT;
    }
}
