package dev.linnet.net.ipv6;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.time.KTimer;
import dev.linnet.wire.In6Addr;

/// An address of an interface (`struct inet6_ifaddr`). Changed under the monitor of its [Inet6Dev];
/// the flags are read without it.
public final class Inet6IfAddr {
    /// Duplicate address detection has been switched off for it (`IFA_F_*`).
    static final int NODAD = 0x02;

    /// May be used before it is known to be unique (RFC 4429).
    static final int OPTIMISTIC = 0x04;

    /// Somebody else has it.
    static final int DADFAILED = 0x08;

    /// Its preferred lifetime is over: not for new communication.
    static final int DEPRECATED = 0x20;

    /// Not known to be unique yet: not ours so far.
    static final int TENTATIVE = 0x40;

    /// Without lifetimes, kept while the interface is being reconfigured.
    static final int PERMANENT = 0x80;

    /// Made from a secret (RFC 7217).
    static final int STABLE_PRIVACY = 0x800;

    /// A lifetime without end, seconds.
    static final long INFINITY_LIFE_TIME = 0xFFFF_FFFFL;

    /// Where duplicate address detection stands (`INET6_IFADDR_STATE_*`).
    enum State {
        PREDAD,
        DAD,
        POSTDAD,
        ERRDAD,
        DEAD
    }

    public final long hi;
    public final long lo;

    /// Bits of the prefix that is on the link.
    public final int prefixLen;

    final Inet6Dev idev;

    /// The timer that drives duplicate address detection.
    final KTimer dadTimer;

    volatile int flags;
    volatile State state = State.PREDAD;

    /// Probes still to be sent, the nonce that they carry (48 bits), addresses tried before.
    int dadProbes;

    long dadNonce;
    int dadCount;

    /// Lifetimes in seconds, counted from [#tstamp], jiffies.
    volatile long validLft = INFINITY_LIFE_TIME;

    volatile long preferedLft = INFINITY_LIFE_TIME;
    volatile long tstamp;

    Inet6IfAddr(Inet6Dev idev, long hi, long lo, int prefixLen, int flags) {
        this.idev = idev;
        this.hi = hi;
        this.lo = lo;
        this.prefixLen = prefixLen;
        this.flags = flags;
        this.tstamp = idev.net.clock.jiffies();
        this.dadTimer = idev.net.timers.timer(AddrconfDad.WORK, this);
    }

    boolean is(long addrHi, long addrLo) {
        return lo == addrLo && hi == addrHi;
    }

    boolean hasFlag(int flag) {
        return (flags & flag) != 0;
    }

    /// `IFA_F_*`.
    public int flags() {
        return flags;
    }

    /// Scope by the numbers of routing: 0 for the world, 0x20 for the link, 0x10 for the host.
    public int rtScope() {
        return In6Addr.isLinkLocal(hi) ? 0x20 : In6Addr.isLoopback(hi, lo) ? 0x10 : 0;
    }

    /// True while the address must not be used: it may be somebody else's.
    public boolean isTentative() {
        return hasFlag(TENTATIVE) && !hasFlag(OPTIMISTIC);
    }

    /// True if the address is for new communication only where there is no other.
    public boolean isDeprecated() {
        return hasFlag(DEPRECATED);
    }

    /// True if somebody else on the link has it.
    public boolean isDuplicate() {
        return hasFlag(DADFAILED);
    }

    /// True if the address belongs to its interface rather than to the host: link-local or loopback.
    boolean isScoped() {
        return In6Addr.isLinkLocal(hi) || In6Addr.isLoopback(hi, lo);
    }

    /// Orders the addresses of an interface, wide scopes first.
    int scope() {
        return Ipv6Scope.of(hi, lo);
    }

    /// True if `addr` is on the link according to this address.
    boolean matches(long addrHi, long addrLo) {
        return In6Addr.prefixEqual(hi, lo, addrHi, addrLo, prefixLen);
    }

    /// Seconds of the valid lifetime that are left, 0 if none.
    @Kernel("ipv6_prefered_addr_left")
    long validLeft(long now) {
        long age = (now - tstamp) / 1000;
        return validLft == INFINITY_LIFE_TIME ? validLft : Math.max(0, validLft - age);
    }

    @Override
    public String toString() {
        return In6Addr.format(hi, lo) + "/" + prefixLen;
    }
}
