/// UDP over both families.
///
/// Mirrors `net/ipv4/udp.c` and `net/ipv6/udp.c`: [dev.linnet.net.udp.UdpProto] is what the socket
/// layer calls, [dev.linnet.net.udp.UdpInput] what the network layer calls,
/// [dev.linnet.net.udp.UdpTable] finds the socket of a datagram.
@NullMarked
package dev.linnet.net.udp;

import org.jspecify.annotations.NullMarked;
