/// What the rest of Linux's kernel is to its network stack: time, scheduling, sysctls, counters
/// and tracing (mirrors `kernel/` and parts of `include/linux/`). The two annotations here tie our
/// code to Linux's: [dev.linnet.kernel.Kernel] names the kernel function that a method stands for,
/// [dev.linnet.kernel.HotPath] marks what runs for every packet.
@NullMarked
package dev.linnet.kernel;

import org.jspecify.annotations.NullMarked;
