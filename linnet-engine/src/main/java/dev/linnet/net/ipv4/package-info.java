/// IPv4: addresses, routes, the packets' way in, out and through, fragments, ICMP, ARP, options of
/// sockets.
///
/// Mirrors `net/ipv4/` below the transports. [IpInput] and [IpOutput] are the two ways of a packet,
/// [RouteInput] and [RouteOutput] find where it goes in the [FibTable], [Icmp4] and [Arp] speak with other
/// hosts, [IpSockglue] has the options of level `IPPROTO_IP`.
///
/// Packets are handled in soft-interrupt context. Look-ups of routes and addresses take no lock; addresses
/// are changed under the device table's monitor.
@NullMarked
package dev.linnet.net.ipv4;

import org.jspecify.annotations.NullMarked;
