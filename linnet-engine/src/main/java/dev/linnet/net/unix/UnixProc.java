package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.TcpState;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `/proc/net/unix` shows.
public final class UnixProc {
    private static final int SO_ACCEPTCON = 1 << 16;

    private UnixProc() {}

    /// A line for each socket, below a heading. The first column is a number in place of an address in
    /// memory; a name that is abstract has `@` for its zero bytes.
    @Kernel("unix_seq_show")
    public static void show(NetNamespace net, StringBuilder out) {
        out.append("Num       RefCount Protocol Flags    Type St Inode Path\n");
        List<UnixSock> sockets = UnixTable.OF.of(net).sockets();
        Map<UnixSock, Integer> peers = new HashMap<>();
        for (UnixSock sk : sockets) {
            UnixSock peer = sk.peer;
            if (peer != null) {
                peers.merge(peer, 1, Integer::sum);
            }
        }
        for (UnixSock sk : sockets) {
            line(sk, 2 + peers.getOrDefault(sk, 0), out);
        }
    }

    private static void line(UnixSock sk, int references, StringBuilder out) {
        boolean listening = sk.state == TcpState.TCP_LISTEN;
        out.append(
                String.format(
                        Locale.ROOT,
                        "%016x: %08X %08X %08X %04X %02X %5d",
                        sk.order,
                        references,
                        0,
                        listening ? SO_ACCEPTCON : 0,
                        sk.type,
                        state(sk),
                        sk.socket == null ? 0 : sk.inode));
        SockAddrUn name = sk.addr;
        if (name != null) {
            out.append(' ').append(name);
        }
        out.append('\n');
    }

    /// `SS_*`: connections that nobody has accepted yet are connecting.
    private static int state(UnixSock sk) {
        boolean connected = sk.state == TcpState.TCP_ESTABLISHED;
        if (sk.socket == null) {
            return connected ? 2 : 4;
        }
        return connected ? 3 : 1;
    }
}
