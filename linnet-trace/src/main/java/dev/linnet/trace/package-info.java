/// The function tracer: what the stack does, by the kernel names of its functions.
///
/// Shows what `ftrace`'s function graph (`kernel/trace/`) shows of Linux. [Tracer] weaves calls into the
/// loaded classes of the engine and takes them out again, [FunctionGraph] records who called whom.
///
/// Listeners run on the traced threads, in any context, and must not block.
@NullMarked
package dev.linnet.trace;

import org.jspecify.annotations.NullMarked;
