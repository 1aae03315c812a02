package dev.linnet.net.ipv6;

/// What was learnt about the way to one destination (`struct rt6_exception`). Immutable.
///
/// @param pmtu the path MTU, 0 if not known
/// @param redirected whether a router named a better next hop
/// @param gwHi that next hop; the destination itself if it is on the link
/// @param gwLo its low half
/// @param expires jiffies until which the path MTU holds
record Rt6Exception(int pmtu, boolean redirected, long gwHi, long gwLo, long expires) {
    boolean expired(long jiffies) {
        return pmtu != 0 && jiffies >= expires;
    }

    Rt6Exception withPmtu(int mtu, long until) {
        return new Rt6Exception(mtu, redirected, gwHi, gwLo, until);
    }
}
