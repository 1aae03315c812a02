/// Network devices, their receive and transmit paths, neighbours, cached routes.
///
/// Mirrors `net/core/dev.c`, `net/core/gro.c`, `net/core/gso.c`, `net/core/neighbour.c`, `net/core/dst.c`,
/// `net/ethernet/eth.c`, `net/sched/` and `drivers/net/loopback.c`. The way in is [SoftnetData] and [NetRx],
/// the way out [NeighOutput], [DevQueueXmit], a [Qdisc] and a driver's [NetDeviceOps]; [NetDeviceTable] has
/// the interfaces of a namespace, [NeighTable] its neighbours.
///
/// Packets are carried in soft-interrupt context on any thread. Changes of interfaces are made under the
/// monitor of their table (Linux's RTNL); a neighbour's state has the neighbour's monitor.
@NullMarked
package dev.linnet.net.core.dev;

import org.jspecify.annotations.NullMarked;
