package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;

/// Stop watches of what a sender spends its time with (`tcpi_busy_time`, `tcpi_rwnd_limited`,
/// `tcpi_sndbuf_limited`). One runs at a time: of several reasons to wait the one with the highest
/// number. Guarded by the sock's lock.
@HotPath
public final class TcpChrono {
    /// Nothing to send.
    public static final int UNSPEC = 0;

    /// Data is queued or in flight.
    public static final int BUSY = 1;

    /// The peer's window keeps data back.
    public static final int RWND_LIMITED = 2;

    /// The send buffer is too small for the window.
    public static final int SNDBUF_LIMITED = 3;

    private int type;
    private int startedAt;
    private int busy;
    private int rwndLimited;
    private int sndbufLimited;

    public TcpChrono() {}

    /// A reason appears on a connection.
    @Kernel("tcp_chrono_start")
    static void start(TcpSock tp, int type) {
        if (type > tp.chrono.type) {
            tp.chrono.turn(type, TcpClock.jiffies32(tp));
        }
    }

    /// A reason is gone.
    @Kernel("tcp_chrono_stop")
    static void stop(TcpSock tp, int type) {
        if (tp.writeQueue.isEmpty() && tp.rtxQueue.isEmpty()) {
            tp.chrono.turn(UNSPEC, TcpClock.jiffies32(tp));
        } else if (type == tp.chrono.type) {
            tp.chrono.turn(BUSY, TcpClock.jiffies32(tp));
        }
    }

    /// Which watch runs.
    public int running() {
        return type;
    }

    /// Makes another watch run from `now` (jiffies32) on.
    @Kernel("tcp_chrono_set")
    void turn(int newType, int now) {
        int ran = now - startedAt;
        switch (type) {
            case BUSY -> busy += ran;
            case RWND_LIMITED -> rwndLimited += ran;
            case SNDBUF_LIMITED -> sndbufLimited += ran;
            default -> {}
        }
        type = newType;
        startedAt = now;
    }

    /// Jiffies that the watch of `which` has run, up to `now`. The limited times are part of the busy
    /// time for `tcp_info`; here each is alone.
    public long spent(int which, int now) {
        int stopped =
                switch (which) {
                    case BUSY -> busy;
                    case RWND_LIMITED -> rwndLimited;
                    case SNDBUF_LIMITED -> sndbufLimited;
                    default -> 0;
                };
        int runs = which == type && which != UNSPEC ? now - startedAt : 0;
        return Integer.toUnsignedLong(stopped + runs);
    }

    /// As new, for a sock that is used again.
    void clear() {
        type = UNSPEC;
        startedAt = 0;
        busy = 0;
        rwndLimited = 0;
        sndbufLimited = 0;
    }
}
