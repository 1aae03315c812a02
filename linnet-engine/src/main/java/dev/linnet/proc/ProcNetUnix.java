package dev.linnet.proc;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.unix.UnixSock;
import dev.linnet.net.unix.UnixTable;
import dev.linnet.uapi.SockAddrUn;
import dev.linnet.uapi.TcpState;
import java.util.Locale;

/// `/proc/net/unix`.
final class ProcNetUnix {
    @Kernel("__SO_ACCEPTCON")
    private static final int SO_ACCEPTCON = 1 << 16;

    private static final int SS_UNCONNECTED = 1;
    private static final int SS_CONNECTING = 2;
    private static final int SS_CONNECTED = 3;
    private static final int SS_DISCONNECTING = 4;

    private ProcNetUnix() {}

    @Kernel("unix_seq_show")
    static String text(NetNamespace net) {
        StringBuilder out =
                new StringBuilder("Num       RefCount Protocol Flags    Type St Inode Path\n");
        for (UnixSock sk : UnixTable.OF.of(net).sockets()) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%s: %08X %08X %08X %04X %02X %5d",
                            SockLine.pointer(sk),
                            sk.state == TcpState.TCP_ESTABLISHED ? 3 : 2,
                            0,
                            sk.state == TcpState.TCP_LISTEN ? SO_ACCEPTCON : 0,
                            sk.type,
                            state(sk),
                            sk.inode));
            SockAddrUn name = sk.name();
            if (name != null) {
                out.append(' ').append(shown(name));
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static int state(UnixSock sk) {
        boolean connected = sk.state == TcpState.TCP_ESTABLISHED;
        if (sk.socket == null) {
            return connected ? SS_CONNECTING : SS_DISCONNECTING;
        }
        return connected ? SS_CONNECTED : SS_UNCONNECTED;
    }

    /// Zero bytes are shown as `@`.
    private static String shown(SockAddrUn name) {
        return name.isAbstract() ? "@" + name.name().substring(1).replace('\0', '@') : name.name();
    }
}
