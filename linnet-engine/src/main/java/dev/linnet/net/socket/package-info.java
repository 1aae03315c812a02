/// The socket layer: address families, the switch from `socket()`'s arguments to a protocol, the
/// checks of `bind`, `listen` and `connect`, sockets as files.
///
/// Mirrors `net/socket.c`, `net/ipv4/af_inet.c` and `net/ipv6/af_inet6.c`.
@NullMarked
package dev.linnet.net.socket;

import org.jspecify.annotations.NullMarked;
