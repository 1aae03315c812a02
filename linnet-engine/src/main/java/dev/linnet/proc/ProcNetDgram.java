package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.InetSock;
import dev.linnet.net.ping.PingProto;
import dev.linnet.net.raw.RawProto;
import dev.linnet.net.udp.UdpTable;
import dev.linnet.uapi.Af;
import java.util.List;
import java.util.Locale;

/// `/proc/net/udp`, `raw`, `icmp` and their IPv6 relatives (`udp4_seq_show`, `raw_seq_show`,
/// `ping_v4_seq_show`, `ip6_dgram_sock_seq_show`).
final class ProcNetDgram {
    private static final int WIDTH = 127;
    private static final String HEAD4 =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                    + "  timeout inode ref pointer drops";

    @Kernel("IPV6_SEQ_DGRAM_HEADER")
    private static final String HEAD6 =
            "  sl  local_address                         remote_address                        st"
                    + " tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer"
                    + " drops";

    private ProcNetDgram() {}

    @Kernel({"udp4_seq_show", "udp6_seq_show"})
    static String udp(NetNamespace net, boolean v6) {
        List<? extends InetSock> socks = UdpTable.OF.of(net).all();
        return v6 ? table(HEAD6, socks, true, 5, 0) : table(" " + HEAD4, socks, false, 5, WIDTH);
    }

    @Kernel({"raw_seq_show", "raw6_seq_show"})
    static String raw(NetNamespace net, boolean v6) {
        List<? extends InetSock> socks = RawProto.all(net);
        return v6 ? table(HEAD6, socks, true, 5, 0) : table(HEAD4, socks, false, 4, 0);
    }

    @Kernel({"ping_v4_seq_show", "ping_v6_seq_show"})
    static String icmp(NetNamespace net, boolean v6) {
        List<? extends InetSock> socks = PingProto.all(net);
        return v6 ? table(HEAD6, socks, true, 5, 0) : table(HEAD4, socks, false, 5, WIDTH);
    }

    /// @param digits width of the first column
    /// @param width of a line, 0 for what it needs
    @Kernel({"udp4_format_sock", "__ip6_dgram_sock_seq_show"})
    private static String table(
            String head, List<? extends InetSock> socks, boolean v6, int digits, int width) {
        StringBuilder out = new StringBuilder();
        SockLine.padded(out, head, width);
        for (InetSock sk : socks) {
            if ((sk.family == Af.AF_INET6) == v6) {
                SockLine.padded(out, line(sk, v6, digits), width);
            }
        }
        return out.toString();
    }

    private static String line(InetSock sk, boolean v6, int digits) {
        return String.format(
                Locale.ROOT,
                "%" + digits + "d: %s %s %02X %08X:%08X %02X:%08X %08X %5d %8d %d %d %s %d",
                sk.num,
                SockLine.local(sk, v6),
                SockLine.peer(sk, v6),
                sk.state.value(),
                sk.wmemAlloc(),
                sk.rmemAlloc(),
                0,
                0,
                0,
                sk.uid,
                0,
                sk.inode,
                2,
                SockLine.pointer(sk),
                sk.drops());
    }
}
