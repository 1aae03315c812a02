/// The function tracer: what the stack does, by the kernel names of its functions.
///
/// Mirrors what `ftrace`'s function graph shows of Linux.
@NullMarked
package dev.linnet.trace;

import org.jspecify.annotations.NullMarked;
