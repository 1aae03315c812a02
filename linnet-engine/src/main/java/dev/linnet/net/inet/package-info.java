/// What the connection-oriented and datagram protocols of both Internet families share: hash tables,
/// ports, listening and accepting, TIME-WAIT, sequence numbers that cannot be guessed.
///
/// Mirrors `net/ipv4/inet_hashtables.c`, `inet_connection_sock.c`, `inet_timewait_sock.c` and
/// `net/core/secure_seq.c`. Key classes: [dev.linnet.net.inet.InetHashtables] finds the socket of a
/// segment, [dev.linnet.net.inet.InetBindHash] knows the ports,
/// [dev.linnet.net.inet.InetConnectionSocks] accepts.
@NullMarked
package dev.linnet.net.inet;

import org.jspecify.annotations.NullMarked;
