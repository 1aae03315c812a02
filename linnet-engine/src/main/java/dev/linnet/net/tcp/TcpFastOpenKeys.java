package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.inet.SipHash;
import dev.linnet.uapi.Abi;
import dev.linnet.wire.In6Addr;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The keys from which Fast Open cookies are made: the present one and perhaps its predecessor, whose
/// cookies are still believed (`struct tcp_fastopen_context`). Immutable.
@Kernel("tcp_fastopen_context")
public final class TcpFastOpenKeys {
    /// What the knob shows before anything was set.
    private static final String NONE = "00000000-00000000-00000000-00000000";

    /// Whether the administrator of a namespace has set a key, which may be all zeros, and whether
    /// anybody has needed one.
    private static final class Configured {
        volatile boolean set;
        volatile boolean made;
    }

    private static final Pernet<Configured> CONFIGURED = new Pernet<>(net -> new Configured());

    /// The key of a namespace whose administrator set none.
    private static final Pernet<TcpFastOpenKeys> RANDOM =
            new Pernet<>(
                    net -> new TcpFastOpenKeys(net.random.nextLong(), net.random.nextLong(), null));

    private final long k0;
    private final long k1;
    private final @Nullable TcpFastOpenKeys backup;

    private TcpFastOpenKeys(long k0, long k1, @Nullable TcpFastOpenKeys backup) {
        this.k0 = k0;
        this.k1 = k1;
        this.backup = backup;
    }

    /// Watches the knob of a new namespace.
    static void init(NetNamespace net) {
        Configured configured = CONFIGURED.of(net);
        net.sysctl.observe(TcpSysctls.FASTOPEN_KEY, () -> configured.set = true);
    }

    /// Keys of 16 bytes each.
    @Kernel("tcp_fastopen_reset_cipher")
    static TcpFastOpenKeys of(byte[] primary, byte @Nullable [] backup) {
        TcpFastOpenKeys second =
                backup == null
                        ? null
                        : new TcpFastOpenKeys(Abi.getLong(backup, 0), Abi.getLong(backup, 8), null);
        return new TcpFastOpenKeys(Abi.getLong(primary, 0), Abi.getLong(primary, 8), second);
    }

    /// The keys that hold for a listener: its own (`TCP_FASTOPEN_KEY`), else its namespace's.
    @Kernel("tcp_fastopen_get_ctx")
    static TcpFastOpenKeys ofListener(TcpSock tp) {
        if (tp.acceptQueue != null && tp.acceptQueue.fastopenCtx instanceof TcpFastOpenKeys own) {
            return own;
        }
        return ofNamespace(tp.net);
    }

    /// The keys that `TCP_FASTOPEN_KEY` tells, or null while the namespace has needed none.
    @Kernel("tcp_fastopen_get_cipher")
    static @Nullable TcpFastOpenKeys known(TcpSock tp) {
        Configured configured = CONFIGURED.of(tp.net);
        boolean own = tp.acceptQueue != null && tp.acceptQueue.fastopenCtx != null;
        return own || configured.set || configured.made ? ofListener(tp) : null;
    }

    /// `net.ipv4.tcp_fastopen_key`, four hexadecimal words a key, or a random one.
    @Kernel({"tcp_fastopen_init_key_once", "proc_tcp_fastopen_key"})
    static TcpFastOpenKeys ofNamespace(NetNamespace net) {
        CONFIGURED.of(net).made = true;
        String text = net.sysctl.get(TcpSysctls.FASTOPEN_KEY);
        if (text.equals(NONE) && !CONFIGURED.of(net).set) {
            return RANDOM.of(net);
        }
        String[] keys = text.split(",", -1);
        return of(parse(keys[0]), keys.length > 1 ? parse(keys[1]) : null);
    }

    private static byte[] parse(String text) {
        byte[] key = new byte[16];
        String[] words = text.trim().split("-", -1);
        for (int i = 0; i < 4 && i < words.length; i++) {
            Abi.putInt(key, 4 * i, Integer.parseUnsignedInt(words[i], 16));
        }
        return key;
    }

    /// The keys as bytes, the present one first.
    byte[] bytes() {
        byte[] out = new byte[backup == null ? 16 : 32];
        put(out, 0);
        if (backup != null) {
            backup.put(out, 16);
        }
        return out;
    }

    private void put(byte[] out, int at) {
        Abi.putLong(out, at, k0);
        Abi.putLong(out, at + 8, k1);
    }

    // ---- cookies
    // -----------------------------------------------------------------------------------

    /// The cookie for a client, by the addresses of its SYN.
    @Kernel({"tcp_fastopen_cookie_gen", "__tcp_fastopen_cookie_gen_cipher"})
    void generate(long clientHi, long clientLo, long hostHi, long hostLo, FastOpenCookie out) {
        Abi.putLong(out.val, 0, hash(clientHi, clientLo, hostHi, hostLo));
        out.len = FastOpenCookie.SIZE;
    }

    /// The hashed words are the bytes of the addresses as they stand in the IP header, read by a
    /// little-endian machine.
    private long hash(long clientHi, long clientLo, long hostHi, long hostLo) {
        if (In6Addr.isV4Mapped(clientHi, clientLo)) {
            long pair = clientLo << 32 | hostLo & 0xFFFF_FFFFL;
            return SipHash.of(k0, k1, Long.reverseBytes(pair));
        }
        return SipHash.of(
                k0,
                k1,
                4,
                Long.reverseBytes(clientHi),
                Long.reverseBytes(clientLo),
                Long.reverseBytes(hostHi),
                Long.reverseBytes(hostLo),
                0);
    }

    /// Which key made a cookie: 1 the present one, 2 the one before, 0 none. The cookie that is good
    /// now goes to `valid`.
    @Kernel("tcp_fastopen_cookie_gen_check")
    int check(
            long clientHi,
            long clientLo,
            long hostHi,
            long hostLo,
            FastOpenCookie given,
            FastOpenCookie valid) {
        generate(clientHi, clientLo, hostHi, hostLo, valid);
        if (given.sameBytes(valid)) {
            return 1;
        }
        if (backup == null) {
            return 0;
        }
        FastOpenCookie old = new FastOpenCookie();
        backup.generate(clientHi, clientLo, hostHi, hostLo, old);
        return given.sameBytes(old) ? 2 : 0;
    }

    @Override
    public String toString() {
        return "Fast Open keys " + Arrays.hashCode(bytes());
    }
}
