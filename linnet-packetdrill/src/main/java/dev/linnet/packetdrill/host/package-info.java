/// The target `host`: the kernel of this machine, in a network namespace of its own, through TUN
/// and system calls.
///
/// [HostTargets] checks what it needs and makes a [HostTarget] per run. Time is real, so everything
/// on the way of an event is prepared before the script starts and nothing waits but for the
/// kernel.
@NullMarked
package dev.linnet.packetdrill.host;

import org.jspecify.annotations.NullMarked;
