/// TCP.
///
/// Mirrors `net/ipv4/tcp*.c`, `net/ipv6/tcp_ipv6.c` and `net/core/stream.c`. [TcpSock] is the state; small
/// closed objects hold the algorithms that need nothing else ([RttEstimator], [RackState], [SackBlocks] …);
/// classes of functions named after Linux's files do the rest. Begin with [TcpRcv] and [TcpInput] for what
/// comes in, [TcpSendmsg], [TcpOutput] and [TcpTransmit] for what goes out, [TcpProto] for what the socket
/// layer calls, [TcpTimer] for what happens by itself, [TcpConnRequest] and [TcpMinisocks] for handshakes.
///
/// The functions are called with the sock's lock owned unless they say otherwise, by programs' threads and
/// in soft-interrupt context; there they never wait. A listener is not locked for its SYNs.
@NullMarked
package dev.linnet.net.tcp;

import org.jspecify.annotations.NullMarked;
