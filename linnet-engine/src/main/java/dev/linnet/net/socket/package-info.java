/// The socket layer: address families, the switch from `socket()`'s arguments to a protocol, the
/// checks of `bind`, `listen` and `connect`, sockets as files.
///
/// Mirrors `net/socket.c`, `net/ipv4/af_inet.c` and `net/ipv6/af_inet6.c`. [NetFamilies] finds the family,
/// [AfInet] the protocol; [InetStreamOps] and [InetDgramOps] are what files of Internet sockets do, and
/// [SocketFileOps] makes a file of a socket.
///
/// Called by programs' threads, which may wait here.
@NullMarked
package dev.linnet.net.socket;

import org.jspecify.annotations.NullMarked;
