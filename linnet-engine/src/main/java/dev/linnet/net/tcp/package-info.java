/// TCP.
///
/// Mirrors `net/ipv4/tcp*.c` and `net/ipv6/tcp_ipv6.c`: [dev.linnet.net.tcp.TcpSock] is the state,
/// small closed objects hold the algorithms that need nothing else (`RttEstimator`, `RackState`,
/// `SackBlocks` …), and classes of functions named after Linux's files do the rest under the sock's
/// lock.
@NullMarked
package dev.linnet.net.tcp;

import org.jspecify.annotations.NullMarked;
