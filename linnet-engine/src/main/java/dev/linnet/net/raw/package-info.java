/// Raw sockets over both families.
///
/// Mirrors `net/ipv4/raw.c` and `net/ipv6/raw.c`. [RawProto] is what the socket layer calls; received
/// packets are copied to raw sockets through [dev.linnet.net.core.sock.RawDeliver], before the transport
/// gets them, in soft-interrupt context and without the sock's lock.
@NullMarked
package dev.linnet.net.raw;

import org.jspecify.annotations.NullMarked;
