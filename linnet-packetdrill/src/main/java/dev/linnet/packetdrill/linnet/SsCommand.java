package dev.linnet.packetdrill.linnet;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import dev.linnet.stack.Host;
import dev.linnet.stack.SocketInfo;
import dev.linnet.uapi.TcpInfo;
import dev.linnet.uapi.TcpState;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// `ss [-tualinH]`: the sockets, one line each; with `-i` a line of what TCP knows under it.
final class SsCommand {
    private static final long NO_THRESHOLD = 0x7fffffff;

    private final Host host;

    SsCommand(Host host) {
        this.host = host;
    }

    int run(List<String> args, ShellIo io) {
        String flags =
                args.stream()
                        .filter(arg -> arg.matches("-[a-zA-Z0-9]+"))
                        .map(arg -> arg.substring(1))
                        .collect(Collectors.joining());
        boolean only = args.stream().allMatch(arg -> arg.matches("-[a-zA-Z0-9]+"));
        if (!only || !flags.matches("[tualinmepoOH46]*")) {
            io.err.append("ss: only options of 'ss -tualinH', no filters\n");
            return 1;
        }
        if (!flags.contains("H")) {
            io.out.append("Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port\n");
        }
        for (SocketInfo socket : host.sockets()) {
            if (isAsked(socket, flags)) {
                print(socket, flags.contains("i"), io.out);
            }
        }
        return 0;
    }

    private static boolean isAsked(SocketInfo socket, String flags) {
        boolean kind =
                !flags.contains("t") && !flags.contains("u")
                        || flags.contains(socket.netid().substring(0, 1));
        boolean idle =
                socket.state() == TcpState.TCP_LISTEN || socket.state() == TcpState.TCP_CLOSE;
        return kind && (flags.contains("a") || idle == flags.contains("l"));
    }

    private static void print(SocketInfo s, boolean details, StringBuilder out) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "%-5s %-10s %-6d %-6d %s %s\n",
                        s.netid(),
                        state(s.state()),
                        s.recvQ(),
                        s.sendQ(),
                        s.local(),
                        s.peer()));
        TcpInfo info = s.info();
        if (details && info != null) {
            out.append("\t ").append(details(info)).append('\n');
        }
    }

    private static String state(TcpState state) {
        return switch (state) {
            case TCP_ESTABLISHED -> "ESTAB";
            case TCP_CLOSE -> "UNCONN";
            case TCP_NEW_SYN_RECV -> "SYN-RECV";
            case TCP_FIN_WAIT1 -> "FIN-WAIT-1";
            case TCP_FIN_WAIT2 -> "FIN-WAIT-2";
            default -> state.name().substring("TCP_".length()).replace('_', '-');
        };
    }

    private static String details(TcpInfo i) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "wscale:%d,%d", i.sndWscale, i.rcvWscale));
        text.append(String.format(Locale.ROOT, " rto:%s", millis(i.rto)));
        text.append(String.format(Locale.ROOT, " rtt:%s/%s", millis(i.rtt), millis(i.rttvar)));
        text.append(" mss:").append(i.sndMss).append(" pmtu:").append(i.pmtu);
        text.append(" rcvmss:").append(i.rcvMss).append(" advmss:").append(i.advmss);
        text.append(" cwnd:").append(i.sndCwnd);
        if (i.sndSsthresh < NO_THRESHOLD) {
            text.append(" ssthresh:").append(i.sndSsthresh);
        }
        count(text, "bytes_sent", i.bytesSent);
        count(text, "bytes_retrans", i.bytesRetrans);
        count(text, "bytes_acked", i.bytesAcked);
        count(text, "bytes_received", i.bytesReceived);
        count(text, "segs_out", i.segsOut);
        count(text, "segs_in", i.segsIn);
        count(text, "data_segs_out", i.dataSegsOut);
        count(text, "data_segs_in", i.dataSegsIn);
        count(text, "unacked", i.unacked);
        count(text, "lost", i.lost);
        count(text, "sacked", i.sacked);
        return text.toString();
    }

    private static void count(StringBuilder text, String name, long count) {
        if (count > 0) {
            text.append(' ').append(name).append(':').append(count);
        }
    }

    private static String millis(long usecs) {
        String text = String.format(Locale.ROOT, "%.3f", usecs / 1e3);
        return text.replaceFirst("\\.?0+$", "");
    }
}
