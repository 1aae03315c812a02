/// UDP over both families.
///
/// Mirrors `net/ipv4/udp.c` and `net/ipv6/udp.c`: [UdpProto] is what the socket layer calls, [UdpInput] what
/// the network layer calls, [UdpTable] finds the socket of a datagram.
///
/// Datagrams are queued in soft-interrupt context without the sock's lock: the receive queue has a monitor.
/// Look-ups take no lock; the table is changed under its monitor.
@NullMarked
package dev.linnet.net.udp;

import org.jspecify.annotations.NullMarked;
