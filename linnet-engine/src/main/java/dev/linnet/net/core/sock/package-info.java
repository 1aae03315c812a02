/// Sockets from the network's side: their state, their lock, their memory, the ops tables through
/// which the layers call one another.
///
/// Mirrors `include/net/sock.h`, `include/net/inet_sock.h`, `include/net/inet_connection_sock.h`,
/// `include/net/request_sock.h`, `include/net/inet_timewait_sock.h`, `include/linux/net.h` and
/// `net/core/sock.c`. State and its local rules; protocol procedures live with the protocols.
///
/// Addresses are 128 bits in two longs everywhere; an IPv4 address stands as `::ffff:a.b.c.d`.
/// One set of hash tables and one TCP therefore serve both families, and an `AF_INET6` socket with a
/// mapped address is found by IPv4 packets without further ado.
@NullMarked
package dev.linnet.net.core.sock;

import org.jspecify.annotations.NullMarked;
