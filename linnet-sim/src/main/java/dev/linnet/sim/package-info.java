/// Virtual networks: links between hosts with delay, rate, loss, duplication, reordering and
/// corruption, drawn from a seed.
///
/// Does what `drivers/net/veth.c` with `net/sched/sch_netem.c` does. [Link] is the cable, [Switch] joins more than two
/// hosts, [LinkConfig] is what happens to packets, [LinkDirection] the driver of the interface at each end;
/// [Impairment] is the queue of packets on their way, which [LinkQdisc] puts in front of any device.
///
/// Safe from any thread. A direction's monitor guards its queue; packets are delivered without it, in
/// soft-interrupt context, by the sender's thread or a timer.
@NullMarked
package dev.linnet.sim;

import org.jspecify.annotations.NullMarked;
