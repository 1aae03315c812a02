package dev.linnet.net.unix;

import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.sock.ProtoOps;
import dev.linnet.net.core.sock.Socket;
import dev.linnet.net.socket.NetFamilies;
import dev.linnet.net.socket.NetProtoFamily;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SocketType;
import org.jspecify.annotations.Nullable;

/// The family AF_UNIX (`unix_family_ops`).
public final class AfUnix extends NetProtoFamily {
    private static final ProtoOps STREAM = new UnixStreamOps();
    private static final ProtoOps DGRAM = new UnixDgramOps();
    private static final ProtoOps SEQPACKET = new UnixSeqpacketOps();

    private AfUnix() {
        super(Af.AF_UNIX);
    }

    /// Registers the family in a new namespace (`af_unix_init`).
    @Kernel("af_unix_init")
    public static void init(NetNamespace net) {
        NetFamilies.register(net, new AfUnix());
    }

    /// The namespace ends, its processes have gone: frees what refers to itself only.
    @Kernel("unix_net_exit")
    public static void exit(NetNamespace net) {
        UnixGc.OF.of(net).schedule();
    }

    /// `EPROTONOSUPPORT` for a protocol other than 0 and `PF_UNIX`, `ESOCKTNOSUPPORT` for a type that
    /// is none of the three; a raw socket is a datagram socket.
    @Override
    @Kernel("unix_create")
    public @Nullable Socket create(
            NetNamespace net, int type, int protocol, Cred cred, int[] result) {
        if (protocol != 0 && protocol != Af.AF_UNIX) {
            result[0] = -Errno.EPROTONOSUPPORT;
            return null;
        }
        int real = type == SocketType.SOCK_RAW ? SocketType.SOCK_DGRAM : type;
        ProtoOps ops = ops(real);
        if (ops == null) {
            result[0] = -Errno.ESOCKTNOSUPPORT;
            return null;
        }
        Socket sock = new Socket(real, ops, net.newInode());
        sock.graft(UnixProto.of(real).newSock(net, Af.AF_UNIX, real, 0));
        result[0] = 0;
        return sock;
    }

    private static @Nullable ProtoOps ops(int type) {
        return switch (type) {
            case SocketType.SOCK_STREAM -> STREAM;
            case SocketType.SOCK_DGRAM -> DGRAM;
            case SocketType.SOCK_SEQPACKET -> SEQPACKET;
            default -> null;
        };
    }
}
