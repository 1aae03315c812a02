package dev.linnet.net.inet;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mib.TcpExt;
import dev.linnet.kernel.sysctl.TcpSysctls;
import dev.linnet.kernel.time.Clock;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.core.Pernet;
import dev.linnet.net.core.sock.InetConnectionSock;
import dev.linnet.net.core.sock.InetTimewaitSock;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The TIME-WAIT remains of a namespace: their number, their timers, their end
/// (`struct inet_timewait_death_row`). Safe from any context.
@Kernel("inet_timewait_death_row")
public final class InetTimewaitDeathRow {
    public static final Pernet<InetTimewaitDeathRow> OF = new Pernet<>(InetTimewaitDeathRow::new);

    /// Remains that live no longer than this are counted as killed early.
    private static final int KILL_JIFFIES = 4 * Clock.HZ;

    private static final KTimer.Function EXPIRE =
            owner -> {
                InetTimewaitSock tw = (InetTimewaitSock) owner;
                OF.of(tw.net).kill(tw);
            };

    private final NetNamespace net;
    private final AtomicInteger count = new AtomicInteger();

    private InetTimewaitDeathRow(NetNamespace net) {
        this.net = net;
    }

    /// Remains that exist now.
    public int count() {
        return count.get();
    }

    /// A remain with the quadruple and the address settings of `sk`, or null if there are
    /// `net.ipv4.tcp_max_tw_buckets` already.
    @Kernel("inet_twsk_alloc")
    public @Nullable InetTimewaitSock alloc(InetConnectionSock sk) {
        if (count.get() >= net.sysctl.get(TcpSysctls.MAX_TW_BUCKETS)) {
            return null;
        }
        InetTimewaitSock tw = new InetTimewaitSock(net, sk.family);
        count.incrementAndGet();
        tw.daddrHi = sk.daddrHi;
        tw.daddrLo = sk.daddrLo;
        tw.rcvSaddrHi = sk.rcvSaddrHi;
        tw.rcvSaddrLo = sk.rcvSaddrLo;
        tw.dport = sk.dport;
        tw.num = sk.num;
        tw.boundDevIf = sk.boundDevIf;
        tw.hash = sk.hash;
        tw.tos = sk.tos;
        tw.reuse = sk.reuse;
        tw.reuseport = sk.reuseport;
        tw.uid = sk.uid;
        tw.ipv6only = sk.ipv6only;
        tw.transparent = sk.transparent;
        tw.timer = net.timers.timer(EXPIRE, tw);
        return tw;
    }

    /// Puts a remain in the place of its sock, in all tables at once, and starts its timer. The sock
    /// is locked.
    @Kernel("inet_twsk_hashdance_schedule")
    public void hashdanceSchedule(InetTimewaitSock tw, InetConnectionSock sk, long jiffies) {
        InetBindHash.OF.of(net).handOver(sk, tw);
        InetHashtables.OF.of(net).ehash.insert(tw, sk);
        net.mib.inc(jiffies <= KILL_JIFFIES ? TcpExt.TIMEWAITKILLED : TcpExt.TIMEWAITED);
        reschedule(tw, jiffies);
    }

    /// Gives a remain `jiffies` more from now on (`inet_twsk_reschedule`).
    @Kernel("inet_twsk_reschedule")
    public void reschedule(InetTimewaitSock tw, long jiffies) {
        synchronized (tw) {
            if (tw.timer != null) {
                tw.timer.mod(net.clock.jiffies() + jiffies);
            }
        }
    }

    /// Ends a remain now.
    @Kernel("inet_twsk_deschedule_put")
    public void deschedule(InetTimewaitSock tw) {
        kill(tw);
    }

    @Kernel("inet_twsk_kill")
    private void kill(InetTimewaitSock tw) {
        synchronized (tw) {
            if (tw.timer == null) {
                return;
            }
            tw.timer.shutdown();
            tw.timer = null;
        }
        InetHashtables.OF.of(net).ehash.remove(tw);
        InetBindHash.OF.of(net).unbind(tw);
        count.decrementAndGet();
    }
}
