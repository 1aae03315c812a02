package dev.linnet.net.unix;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddrUn;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The sockets of a namespace, and who has which abstract name (`net->unx.table`). Names in the file
/// system are found through their files.
public final class UnixTable {
    public static final Pernet<UnixTable> OF = new Pernet<>(UnixTable::new);

    private static final int AUTOBIND_MASK = 0xfffff;

    /// A name belongs to one socket of each type.
    private record AbstractName(int type, String bytes) {}

    private final NetNamespace net;
    private final Set<UnixSock> all = ConcurrentHashMap.newKeySet();
    private final Map<AbstractName, UnixSock> names = new HashMap<>();

    private UnixTable(NetNamespace net) {
        this.net = net;
    }

    /// The sockets that exist, in the order in which they were made.
    public List<UnixSock> sockets() {
        return all.stream().sorted(Comparator.comparingLong((UnixSock sk) -> sk.order)).toList();
    }

    void add(UnixSock sk) {
        all.add(sk);
    }

    /// Forgets a socket and its name.
    @Kernel("unix_remove_socket")
    synchronized void remove(UnixSock sk) {
        all.remove(sk);
        SockAddrUn name = sk.addr;
        if (name != null && name.isAbstract()) {
            names.remove(new AbstractName(sk.type, name.name()), sk);
        }
    }

    /// Gives a socket an abstract name: 0 or `-EADDRINUSE`. The bind lock is held.
    @Kernel("unix_bind_abstract")
    synchronized int bind(UnixSock sk, SockAddrUn name) {
        if (names.putIfAbsent(new AbstractName(sk.type, name.name()), sk) != null) {
            return -Errno.EADDRINUSE;
        }
        sk.addr = name;
        return 0;
    }

    /// Gives a socket a name of five hexadecimal digits that nobody has: 0, or `-ENOSPC` when all are
    /// taken. The bind lock is held.
    @Kernel("unix_autobind")
    synchronized int autobind(UnixSock sk) {
        int first = net.random.nextInt() & AUTOBIND_MASK;
        for (int i = 0; i <= AUTOBIND_MASK; i++) {
            String digits = Integer.toHexString(0x100000 | (first + i) & AUTOBIND_MASK);
            SockAddrUn name = SockAddrUn.abstractName(digits.substring(1));
            if (bind(sk, name) == 0) {
                return 0;
            }
        }
        return -Errno.ENOSPC;
    }

    /// The socket of a type that has an abstract name, or null.
    @Kernel("unix_find_abstract")
    synchronized @Nullable UnixSock find(int type, SockAddrUn name) {
        return names.get(new AbstractName(type, name.name()));
    }
}
