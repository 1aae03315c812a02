package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import dev.linnet.uapi.Errno;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/// Gives a connecting socket its local port (RFC 6056 algorithm 4, `net/ipv4/inet_hashtables.c`).
///
/// Ports that only `connect` handed out may be shared by any number of connections, as long as
/// their quadruples differ.
public final class InetPortChoice {
    private static final Pernet<InetPortChoice> OF = new Pernet<>(net -> new InetPortChoice());
    private static final int PERTURB_SIZE = 1 << 10;

    /// By how much the search has moved on, per class of destinations.
    private final AtomicIntegerArray perturb = new AtomicIntegerArray(PERTURB_SIZE);

    private InetPortChoice() {}

    /// Chooses a port unless the sock has one, and puts the sock into the established hash; its
    /// addresses and foreign port are set, its lock is held. 0 or `-EADDRNOTAVAIL`.
    ///
    /// @param portOffset where to begin, see [SecureSeq#portEphemeral]
    @Kernel({"inet_hash_connect", "inet6_hash_connect", "__inet_hash_connect"})
    public static int hashConnect(InetConnectionSock sk, long portOffset) {
        return sk.num != 0 ? hashBound(sk) : OF.of(sk.net).search(sk, portOffset);
    }

    private static int hashBound(InetConnectionSock sk) {
        InetTimewaitSock[] reused = new InetTimewaitSock[1];
        InetEhash ehash = InetHashtables.OF.of(sk.net).ehash;
        if (!ehash.insertConnecting(sk, sk.num, false, reused)) {
            return -Errno.EADDRNOTAVAIL;
        }
        release(sk, reused[0]);
        return 0;
    }

    private int search(InetConnectionSock sk, long portOffset) {
        InetPortRange range = InetPortRange.of(sk);
        int step = range.local() ? 1 : 2;
        int remaining = range.high() + 1 - range.low();
        if (step == 2 && remaining > 1) {
            remaining &= ~1;
        }
        int slot = (int) portOffset & PERTURB_SIZE - 1;
        int start = perturb.get(slot) + (int) (portOffset >>> 32);
        int offset = Integer.remainderUnsigned(start, remaining);
        if (step == 2) {
            offset &= ~1;
        }
        boolean found = scan(sk, range, offset, remaining, step, slot);
        if (!found && step == 2 && remaining > 1) {
            found = scan(sk, range, offset + 1, remaining, step, slot);
        }
        return found ? 0 : -Errno.EADDRNOTAVAIL;
    }

    private boolean scan(
            InetConnectionSock sk,
            InetPortRange range,
            int offset,
            int remaining,
            int step,
            int slot) {
        int port = range.low() + offset;
        for (int i = 0; i < remaining; i += step, port += step) {
            if (port > range.high()) {
                port -= remaining;
            }
            if (!InetCskPort.reserved(sk.net, port) && tryPort(sk, port)) {
                // Some noise, so that the next choice does not give away how many came between.
                int noise = range.local() ? 0 : sk.net.random.below(8) * step;
                perturb.addAndGet(slot, Math.max(i, noise) + step);
                return true;
            }
        }
        return false;
    }

    private static boolean tryPort(InetConnectionSock sk, int port) {
        NetNamespace net = sk.net;
        InetBindHash bhash = InetBindHash.OF.of(net);
        InetTimewaitSock[] reused = new InetTimewaitSock[1];
        synchronized (bhash.lock(port)) {
            InetBindBucket tb = bhash.find(port);
            if (tb != null && !tb.connectOnly) {
                return false;
            }
            if (!InetHashtables.OF.of(net).ehash.insertConnecting(sk, port, true, reused)) {
                return false;
            }
            if (tb == null) {
                tb = bhash.create(port);
                tb.markConnectOnly();
            }
            sk.connectBind = true;
            bhash.bind(sk, tb);
            sk.sport = port;
        }
        release(sk, reused[0]);
        return true;
    }

    private static void release(InetConnectionSock sk, @Nullable InetTimewaitSock tw) {
        if (tw != null) {
            InetTimewaitDeathRow.OF.of(sk.net).deschedule(tw);
        }
    }
}
