/// System calls: from the notation of scripts to numbers and structures in user memory, and back.
///
/// [SyscallTable] knows the calls by name. Each prepares a [PreparedCall]: the number, six words,
/// and what to check or to remember when it has returned. Structures are those of x86-64 Linux,
/// byte for byte; [Symbols] has its numbers.
@NullMarked
package dev.linnet.packetdrill.syscall;

import org.jspecify.annotations.NullMarked;
