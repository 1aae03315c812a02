/// Who runs: the scheduler (real threads, or one at a time in virtual time), soft interrupts, wait
/// queues.
///
/// Mirrors `kernel/sched/wait.c` and `kernel/softirq.c`. [Scheduler] and
/// [dev.linnet.kernel.time.Clock] are the only seams between the engine and its surroundings.
@NullMarked
package dev.linnet.kernel.sched;

import org.jspecify.annotations.NullMarked;
