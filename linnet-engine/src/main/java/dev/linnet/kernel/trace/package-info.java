/// What can be seen from outside: reasons for drops, and the points at which the stack can be watched.
///
/// Mirrors `include/trace/events/` and `include/net/dropreason-core.h`. Names are Linux's.
@NullMarked
package dev.linnet.kernel.trace;

import org.jspecify.annotations.NullMarked;
