/// What can be seen from outside: reasons for drops, and the points at which the stack can be watched.
///
/// Mirrors `include/trace/events/` and `include/net/dropreason-core.h`; names are Linux's. Every packet
/// that dies names a [DropReason]; [KernelTrace] is where the tracer's weaver connects a listener, and is
/// called by nobody else.
///
/// No locks. A listener runs on the thread that is traced, with whatever that thread holds.
@NullMarked
package dev.linnet.kernel.trace;

import org.jspecify.annotations.NullMarked;
