/// What the interpreter needs of a kernel: the seam between the language and its two targets.
///
/// A [dev.linnet.packetdrill.target.Target] is one kernel for one run of one script. System calls
/// go to it by number, with x86-64 Linux's structures in its user memory; packets go in and come
/// out as bytes; time is its own, real on the host, virtual in process. The interpreter is the same
/// on both.
@NullMarked
package dev.linnet.packetdrill.target;

import org.jspecify.annotations.NullMarked;
