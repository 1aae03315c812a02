/// IPv4: addresses, routes, the packets' way in, out and through, fragments, ICMP, ARP.
///
/// Mirrors `net/ipv4/` below the transports.
@NullMarked
package dev.linnet.net.ipv4;

import org.jspecify.annotations.NullMarked;
