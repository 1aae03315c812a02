package dev.linnet.net.ipv4;

import dev.linnet.net.core.sock.InetSock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A group that a socket has joined on an interface, and from whom it wants to hear there
/// (`struct ip_mc_socklist`). Immutable; a socket has an array of them in [InetSock#mcList].
///
/// @param ifaddr the address that named the interface, or 0
/// @param exclude true if `sources` are those that are not heard, else those that only are
record McMembership(int group, int ifindex, int ifaddr, boolean exclude, int[] sources) {
    private static final McMembership[] NONE = {};

    /// The memberships of a socket.
    static McMembership[] of(InetSock sk) {
        Object list = sk.mcList;
        return list == null ? NONE : (McMembership[]) list;
    }

    static @Nullable McMembership find(InetSock sk, int group, int ifindex) {
        for (McMembership m : of(sk)) {
            if (m.group == group && m.ifindex == ifindex) {
                return m;
            }
        }
        return null;
    }

    static void add(InetSock sk, McMembership m) {
        McMembership[] before = of(sk);
        McMembership[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = m;
        sk.mcList = after;
    }

    static void remove(InetSock sk, McMembership m) {
        sk.mcList = Arrays.stream(of(sk)).filter(x -> !x.equals(m)).toArray(McMembership[]::new);
    }

    static void replace(InetSock sk, McMembership m, McMembership by) {
        sk.mcList =
                Arrays.stream(of(sk)).map(x -> x.equals(m) ? by : x).toArray(McMembership[]::new);
    }

    boolean names(int source) {
        for (int s : sources) {
            if (s == source) {
                return true;
            }
        }
        return false;
    }

    McMembership with(boolean nowExclude, int[] nowSources) {
        return new McMembership(group, ifindex, ifaddr, nowExclude, nowSources);
    }

    /// What the socket hears from a source.
    boolean hears(int source) {
        return names(source) != exclude;
    }

    @Override
    public boolean equals(Object o) {
        return this == o;
    }

    @Override
    public int hashCode() {
        return group * 31 + ifindex;
    }
}
