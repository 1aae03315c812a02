package dev.linnet.packetdrill.linnet;

import dev.linnet.stack.Host;
import dev.linnet.stack.SocketInfo;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockAddrIn6;
import java.util.Locale;

/// `/proc/net/tcp` and `/proc/net/tcp6`.
final class ProcNetTcp {
    private ProcNetTcp() {}

    static String text(Host host, boolean v6) {
        StringBuilder text =
                new StringBuilder(
                        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when"
                                + " retrnsmt   uid  timeout inode\n");
        int line = 0;
        for (SocketInfo s : host.sockets()) {
            boolean isV6 = s.local().family() == Af.AF_INET6;
            if (s.netid().equals("tcp") && isV6 == v6) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "%4d: %s %s %02X %08X:%08X 00:00000000 00000000 %5d %8d %d%n",
                                line++,
                                hex(s.local()),
                                hex(s.peer()),
                                s.state().value(),
                                s.sendQ(),
                                s.recvQ(),
                                0,
                                0,
                                s.inode()));
            }
        }
        return text.toString();
    }

    private static String hex(SockAddr address) {
        return switch (address) {
            case SockAddrIn in ->
                    String.format(
                            Locale.ROOT, "%08X:%04X", Integer.reverseBytes(in.addr()), in.port());
            case SockAddrIn6 in6 ->
                    String.format(
                            Locale.ROOT,
                            "%08X%08X%08X%08X:%04X",
                            Integer.reverseBytes((int) (in6.hi() >>> 32)),
                            Integer.reverseBytes((int) in6.hi()),
                            Integer.reverseBytes((int) (in6.lo() >>> 32)),
                            Integer.reverseBytes((int) in6.lo()),
                            in6.port());
            default -> "";
        };
    }
}
