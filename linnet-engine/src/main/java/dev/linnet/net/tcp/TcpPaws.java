package dev.linnet.net.tcp;

import dev.linnet.kernel.HotPath;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.Clock;
import dev.linnet.wire.Seq;

/// Protection against wrapped sequence numbers by timestamps (RFC 7323 section 5).
final class TcpPaws {
    /// A timestamp memory older than this many seconds counts no more: 24 days, before the peer's
    /// clock can have wrapped (RFC 7323 section 5.5).
    private static final int OUTDATED_SECONDS = 24 * 24 * 3600;

    /// Longest life of a segment in seconds, for resets (`TCP_PAWS_MSL`).
    private static final int MSL_SECONDS = 60;

    /// By how much a timestamp may be older than the newest one, for resolution's sake.
    static final int WINDOW = 1;

    private TcpPaws() {}

    /// Seconds of the stack's clock, the unit of `tsRecentStamp`.
    @HotPath
    static int seconds(Clock clock) {
        return (int) (clock.nowNs() / 1_000_000_000L);
    }

    /// True if the timestamp of the segment in work is not too old.
    ///
    /// @param window how much older than the newest one it may be
    @Kernel("tcp_paws_check")
    @HotPath
    static boolean check(TcpOptionsReceived rx, int window, Clock clock) {
        if (rx.tsRecent - rx.rcvTsval <= window) {
            return true;
        }
        // Some stacks send a SYN with the timestamp 0: no memory to compare with.
        return rx.tsRecent == 0 || seconds(clock) - rx.tsRecentStamp >= OUTDATED_SECONDS;
    }

    /// True if the segment in work must be refused because of its timestamp; a reset is refused for
    /// one segment life only, so that a rebooted peer can end what it forgot.
    @Kernel("tcp_paws_reject")
    static boolean reject(TcpOptionsReceived rx, boolean rst, Clock clock) {
        if (check(rx, 0, clock)) {
            return false;
        }
        return !rst || seconds(clock) - rx.tsRecentStamp < MSL_SECONDS;
    }

    /// Remembers the timestamp of the segment in work as the one to echo.
    @Kernel("tcp_store_ts_recent")
    @HotPath
    static void storeTsRecent(TcpSock tp) {
        tp.rxOpt.tsRecent = tp.rxOpt.rcvTsval;
        tp.rxOpt.tsRecentStamp = seconds(tp.net.clock);
    }

    /// Remembers it if the segment at `seq` covers the last ACK that was sent (RFC 7323 section 4.3);
    /// `FLAG_TS_PROGRESS` if the peer's clock went on.
    @Kernel("tcp_replace_ts_recent")
    @HotPath
    static int replaceTsRecent(TcpSock tp, int seq) {
        TcpOptionsReceived rx = tp.rxOpt;
        if (!rx.sawTstamp || Seq.after(seq, tp.rcvWup) || !check(rx, 0, tp.net.clock)) {
            return 0;
        }
        int progress = rx.rcvTsval - rx.tsRecent;
        storeTsRecent(tp);
        return progress > 0 ? TcpAck.FLAG_TS_PROGRESS : 0;
    }
}
