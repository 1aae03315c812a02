/// What the connection-oriented and datagram protocols of both Internet families share: hash tables,
/// ports, listening and accepting, TIME-WAIT, sequence numbers that cannot be guessed.
///
/// Mirrors `net/ipv4/inet_hashtables.c`, `inet_connection_sock.c`, `inet_timewait_sock.c`,
/// `net/ipv4/datagram.c` and `net/core/secure_seq.c`. [InetHashtables] finds the socket of a segment,
/// [InetBindHash] knows the ports, [InetConnectionSocks] listens and accepts, [InetReqsk] keeps the SYN
/// queue, [InetDatagramProto] is what datagram protocols have in common.
///
/// Look-ups take no lock. Changes take the lock of the port, then that of the stripe of the hash; see
/// `docs/internals/locking.md`.
@NullMarked
package dev.linnet.net.inet;

import org.jspecify.annotations.NullMarked;
