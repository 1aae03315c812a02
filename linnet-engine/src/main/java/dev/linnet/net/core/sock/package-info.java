/// Sockets from the network's side: their state, their lock, their memory, the ops tables through
/// which the layers call one another.
///
/// Mirrors `include/net/sock.h`, `include/net/inet_sock.h`, `include/net/inet_connection_sock.h`,
/// `include/net/request_sock.h`, `include/net/inet_timewait_sock.h`, `include/linux/net.h`,
/// `net/core/sock.c`, `net/core/datagram.c` and `net/core/sock_reuseport.c`. State and its local rules;
/// protocol procedures live with the protocols. [Socket] is the user's end, [Sock] the network's,
/// [SockCommon] what all entries of the established hash have; [Proto] and [ProtoOps] are the two tables.
///
/// Addresses are 128 bits in two longs everywhere; an IPv4 address stands as `::ffff:a.b.c.d`.
/// One set of hash tables and one TCP therefore serve both families, and an `AF_INET6` socket with a
/// mapped address is found by IPv4 packets without further ado.
///
/// A sock is guarded by its [SockLock] unless a field says otherwise; see `docs/internals/locking.md`.
@NullMarked
package dev.linnet.net.core.sock;

import org.jspecify.annotations.NullMarked;
