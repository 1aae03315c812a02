/// Time: the clock, jiffy timers in a wheel, high-resolution timers in a heap.
///
/// Mirrors `kernel/time/`. Nothing outside this package reads the machine's clock.
@NullMarked
package dev.linnet.kernel.time;

import org.jspecify.annotations.NullMarked;
