package dev.linnet.cli;

import dev.linnet.stack.SocketInfo;
import dev.linnet.uapi.TcpInfo;
import dev.linnet.uapi.TcpState;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/// Sockets in the form of `ss -tin`.
public final class SsTable {
    private SsTable() {}

    /// Prints a header, then each socket, and under a connection what TCP knows of it.
    public static void print(List<SocketInfo> sockets, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-5s %-11s %-9s %-9s %-26s %s%n",
                "Netid",
                "State",
                "Recv-Q",
                "Send-Q",
                "Local Address:Port",
                "Peer Address:Port");
        for (SocketInfo s : sockets) {
            out.printf(
                    Locale.ROOT,
                    "%-5s %-11s %-9d %-9d %-26s %s%n",
                    s.netid(),
                    name(s.state()),
                    s.recvQ(),
                    s.sendQ(),
                    s.local(),
                    peer(s));
            TcpInfo info = s.info();
            if (info != null) {
                out.println("      " + details(info));
            }
        }
    }

    private static String peer(SocketInfo s) {
        return s.state() == TcpState.TCP_LISTEN ? "*" : s.peer().toString();
    }

    /// The names that `ss` uses.
    static String name(TcpState state) {
        return switch (state) {
            case TCP_ESTABLISHED -> "ESTAB";
            case TCP_NEW_SYN_RECV, TCP_SYN_RECV -> "SYN-RECV";
            case TCP_CLOSE -> "UNCONN";
            default ->
                    state.name()
                            .substring("TCP_".length())
                            .replace('_', '-')
                            .replace("WAIT1", "WAIT-1")
                            .replace("WAIT2", "WAIT-2");
        };
    }

    private static String details(TcpInfo i) {
        StringBuilder b = new StringBuilder();
        b.append(String.format(Locale.ROOT, "wscale:%d,%d", i.sndWscale, i.rcvWscale));
        b.append(String.format(Locale.ROOT, " rto:%.0f", i.rto / 1e3));
        b.append(String.format(Locale.ROOT, " rtt:%.3f/%.3f", i.rtt / 1e3, i.rttvar / 1e3));
        b.append(" mss:").append(i.sndMss).append(" pmtu:").append(i.pmtu);
        b.append(" cwnd:").append(i.sndCwnd);
        if (i.sndSsthresh < 0x7fffffff) {
            b.append(" ssthresh:").append(i.sndSsthresh);
        }
        number(b, "bytes_sent", i.bytesSent);
        number(b, "bytes_retrans", i.bytesRetrans);
        number(b, "bytes_acked", i.bytesAcked);
        number(b, "bytes_received", i.bytesReceived);
        number(b, "segs_out", i.segsOut);
        number(b, "segs_in", i.segsIn);
        number(b, "retrans_total", i.totalRetrans);
        number(b, "sacked", i.sacked);
        number(b, "lost", i.lost);
        number(b, "reord_seen", i.reordSeen);
        number(b, "rcv_ooopack", i.rcvOoopack);
        number(b, "rcv_space", i.rcvSpace);
        rate(b, "delivery_rate", i.deliveryRate);
        b.append(String.format(Locale.ROOT, " minrtt:%.3f", i.minRtt / 1e3));
        return b.toString();
    }

    private static void number(StringBuilder b, String name, long value) {
        if (value != 0) {
            b.append(' ').append(name).append(':').append(value);
        }
    }

    private static void rate(StringBuilder b, String name, long bytesPerSecond) {
        if (bytesPerSecond != 0) {
            b.append(String.format(Locale.ROOT, " %s:%.1fMbps", name, bytesPerSecond * 8 / 1e6));
        }
    }
}
