/// Ping sockets: ICMP echo without privileges.
///
/// Mirrors `net/ipv4/ping.c` and `net/ipv6/ping.c`. [PingProto] is what the socket layer calls; ICMP hands
/// replies over through [dev.linnet.net.core.sock.PingDeliver], in soft-interrupt context and without the
/// sock's lock.
@NullMarked
package dev.linnet.net.ping;

import org.jspecify.annotations.NullMarked;
