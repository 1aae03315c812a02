/// Time: the clock, jiffy timers in a wheel, high-resolution timers in a heap.
///
/// Mirrors `kernel/time/`. Nothing outside this package reads the machine's clock. [KTimer] is
/// `struct timer_list` in a [TimerWheel], [HrTimer] is `struct hrtimer` in an [HrTimerQueue]; [Timers]
/// has both queues of a stack.
///
/// Timers may be armed and disarmed from any thread. Their functions run in soft-interrupt context, one
/// at a time, without a lock of this package, and must not block.
@NullMarked
package dev.linnet.kernel.time;

import org.jspecify.annotations.NullMarked;
