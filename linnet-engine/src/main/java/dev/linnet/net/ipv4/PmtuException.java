package dev.linnet.net.ipv4;

/// What was learnt about the path to one destination (`struct fib_nh_exception`). Immutable.
final class PmtuException {
    final int pmtu;
    final boolean locked;
    private final long expires;

    PmtuException(int pmtu, boolean locked, long expires) {
        this.pmtu = pmtu;
        this.locked = locked;
        this.expires = expires;
    }

    boolean expired(long jiffies) {
        return jiffies >= expires;
    }
}
