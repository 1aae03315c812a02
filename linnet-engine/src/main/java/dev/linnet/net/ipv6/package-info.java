/// IPv6: addresses and their configuration, routes, the packets' way in, out and through, extension
/// headers, fragments, ICMPv6, neighbour discovery, multicast listeners, options of sockets.
///
/// Mirrors `net/ipv6/` below the transports. [dev.linnet.net.ipv6.Ip6Input] and
/// [dev.linnet.net.ipv6.Ip6Output] are the two ways of a packet, [dev.linnet.net.ipv6.Ip6Route] finds
/// where it goes, [dev.linnet.net.ipv6.Addrconf] gives interfaces their addresses.
@NullMarked
package dev.linnet.net.ipv6;

import org.jspecify.annotations.NullMarked;
