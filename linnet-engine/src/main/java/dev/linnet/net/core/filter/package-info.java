/// Programs of the classic Berkeley Packet Filter: their checker and their interpreter.
///
/// Mirrors the classic half of `net/core/filter.c`. [BpfProgram] is a checked program and runs on any
/// packet, as the one that a socket attaches (`SO_ATTACH_FILTER`). There is no eBPF.
@NullMarked
package dev.linnet.net.core.filter;

import org.jspecify.annotations.NullMarked;
