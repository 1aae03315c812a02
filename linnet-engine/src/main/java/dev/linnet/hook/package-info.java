/// Programs of the user that the stack asks on the way of a connection: where Linux has its security
/// modules (LSM), audit, programs of a cgroup (cgroup-BPF) and of a reuseport group.
///
/// Attach them to a host with [Hooks#attach]. They run on the thread that makes the call, or, for what
/// a packet causes, on the thread that carries the packet; several may run at once. What they throw
/// reaches the caller. A host without programs pays one read of a field.
@NullMarked
package dev.linnet.hook;

import org.jspecify.annotations.NullMarked;
