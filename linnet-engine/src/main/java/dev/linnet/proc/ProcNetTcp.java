package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.net.core.sock.RequestSock;
import dev.linnet.net.core.sock.SockCommon;
import dev.linnet.net.inet.InetHashtables;
import dev.linnet.net.tcp.TcpSock;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.TcpState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `/proc/net/tcp` and `/proc/net/tcp6`: listeners, then connections in every state
/// (`tcp4_seq_show`, `tcp6_seq_show`).
final class ProcNetTcp {
    private static final int WIDTH = 149;

    /// Timers by the numbers that the tables use.
    private static final int TIMER_RETRANS = 1;

    private static final int TIMER_KEEPALIVE = 2;
    private static final int TIMER_TIMEWAIT = 3;
    private static final int TIMER_PROBE = 4;

    private final NetNamespace net;
    private final boolean v6;
    private final StringBuilder out = new StringBuilder();
    private int line;

    private ProcNetTcp(NetNamespace net, boolean v6) {
        this.net = net;
        this.v6 = v6;
    }

    @Kernel({"tcp4_seq_show", "tcp6_seq_show"})
    static String text(NetNamespace net, boolean v6) {
        return new ProcNetTcp(net, v6).text();
    }

    private String text() {
        if (v6) {
            out.append("  sl  local_address                         remote_address               ");
            out.append("         st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n");
        } else {
            String head =
                    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt"
                            + "   uid  timeout inode";
            SockLine.padded(out, head, WIDTH);
        }
        InetHashtables tables = InetHashtables.OF.of(net);
        tables.listeners.all().forEach(this::show);
        tables.ehash.forEach(this::show);
        return out.toString();
    }

    private void show(SockCommon sk) {
        if ((sk.family == Af.AF_INET6) != v6) {
            return;
        }
        String tail =
                switch (sk) {
                    case TcpSock tp -> sock(tp);
                    case InetTimewaitSock tw -> timewait(tw);
                    case RequestSock req -> request(req);
                    default -> null;
                };
        if (tail != null) {
            String text =
                    String.format(
                            Locale.ROOT,
                            "%4d: %s %s %s",
                            line++,
                            SockLine.local(sk, v6),
                            SockLine.peer(sk, v6),
                            tail);
            SockLine.padded(out, text, v6 ? 0 : WIDTH);
        }
    }

    @Kernel({"get_tcp4_sock", "get_tcp6_sock"})
    private String sock(TcpSock tp) {
        boolean listens = tp.state == TcpState.TCP_LISTEN;
        int rxQueue = listens ? tp.ackBacklog : Math.max(tp.rcvNxt - tp.copiedSeq, 0);
        int timer = timer(tp);
        long expires = timer == 0 ? 0 : SockLine.toClock(due(tp, timer) - net.clock.jiffies());
        return String.format(
                Locale.ROOT,
                "%02X %08X:%08X %02X:%08X %08X %5d %8d %d %d %s %d %d %d %d %d",
                tp.state.value(),
                listens ? 0 : tp.writeSeq - tp.sndUna,
                rxQueue,
                timer,
                expires,
                tp.retransmits,
                tp.uid,
                tp.probesOut,
                tp.inode,
                tp.socket == null ? 1 : 2,
                SockLine.pointer(tp),
                SockLine.toClock(tp.rto),
                SockLine.toClock(tp.ackAto),
                tp.ackQuick << 1 | (tp.ackPingpong >= 3 ? 1 : 0),
                tp.sndCwnd,
                listens ? fastopenMaxQlen(tp) : tp.inInitialSlowstart() ? -1 : tp.sndSsthresh);
    }

    private static int fastopenMaxQlen(InetConnectionSock sk) {
        return sk.acceptQueue == null ? 0 : sk.acceptQueue.fastopenMaxQlen;
    }

    private static int timer(TcpSock tp) {
        return switch (tp.pending) {
            case InetConnectionSock.ICSK_TIME_RETRANS,
                    InetConnectionSock.ICSK_TIME_REO_TIMEOUT,
                    InetConnectionSock.ICSK_TIME_LOSS_PROBE ->
                    TIMER_RETRANS;
            case InetConnectionSock.ICSK_TIME_PROBE0 -> TIMER_PROBE;
            default -> pending(tp.keepaliveTimer) ? TIMER_KEEPALIVE : 0;
        };
    }

    private static boolean pending(@Nullable KTimer timer) {
        return timer != null && timer.pending();
    }

    private static long due(TcpSock tp, int timer) {
        KTimer keepalive = tp.keepaliveTimer;
        return timer == TIMER_KEEPALIVE && keepalive != null ? keepalive.expires() : tp.timeout;
    }

    @Kernel({"get_openreq4", "get_openreq6"})
    private String request(RequestSock req) {
        KTimer timer = req.timer;
        long left = timer == null ? 0 : timer.expires() - net.clock.jiffies();
        return String.format(
                Locale.ROOT,
                "%02X %08X:%08X %02X:%08X %08X %5d %8d %d %d %s",
                TcpState.TCP_SYN_RECV.value(),
                0,
                0,
                TIMER_RETRANS,
                SockLine.toClock(left),
                req.numTimeout,
                req.listener.uid,
                0,
                0,
                0,
                SockLine.pointer(req));
    }

    @Kernel({"get_timewait4_sock", "get_timewait6_sock"})
    private String timewait(InetTimewaitSock tw) {
        KTimer timer = tw.timer;
        long left = timer == null ? 0 : timer.expires() - net.clock.jiffies();
        return String.format(
                Locale.ROOT,
                "%02X %08X:%08X %02X:%08X %08X %5d %8d %d %d %s",
                tw.substate.value(),
                0,
                0,
                TIMER_TIMEWAIT,
                SockLine.toClock(left),
                0,
                0,
                0,
                0,
                3,
                SockLine.pointer(tw));
    }
}
