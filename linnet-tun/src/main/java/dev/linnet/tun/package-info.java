/// Real networks for a stack: a TUN or TAP device of the machine, driven by two threads' worth of
/// code and no copies but the one at the system call.
///
/// Mirrors `drivers/net/tun.c` seen from the other side.
@NullMarked
package dev.linnet.tun;

import org.jspecify.annotations.NullMarked;
