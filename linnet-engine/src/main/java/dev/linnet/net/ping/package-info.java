/// Ping sockets: ICMP echo without privileges.
///
/// Mirrors `net/ipv4/ping.c` and `net/ipv6/ping.c`.
@NullMarked
package dev.linnet.net.ping;

import org.jspecify.annotations.NullMarked;
