/// Raw sockets over both families.
///
/// Mirrors `net/ipv4/raw.c` and `net/ipv6/raw.c`.
@NullMarked
package dev.linnet.net.raw;

import org.jspecify.annotations.NullMarked;
