/// Real networks for a stack: a TUN or TAP device of the machine as an interface of a host.
///
/// Does what `drivers/net/tun.c` does, seen from the other side. [Tun] attaches an opened
/// [dev.linnet.host.TunDevice] to a host; `TunTransmitter` is the driver, `TunReceiver` reads.
///
/// Packets are sent on the sender's thread, one system call each, and received on one thread per queue of
/// the device, a burst at a time. Needs a stack in real time.
@NullMarked
package dev.linnet.tun;

import org.jspecify.annotations.NullMarked;
