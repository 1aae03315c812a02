/// What the interpreter remembers while a script runs: time, descriptors, sockets, the trace.
///
/// A script has its own numbers for descriptors, sequence numbers, ports and timestamps; the kernel
/// chooses others. [ScriptSocket] and [Descriptors] hold both sides and translate; [Timeline] does
/// the same for time.
@NullMarked
package dev.linnet.packetdrill.state;

import org.jspecify.annotations.NullMarked;
