/// Who runs: the scheduler (real threads, or one at a time in virtual time), soft interrupts, wait
/// queues.
///
/// Mirrors `kernel/sched/wait.c` and `kernel/softirq.c`. [Scheduler] and [dev.linnet.kernel.time.Clock]
/// are the only seams between the engine and its surroundings; [SoftIrq] is run-to-completion;
/// [WaitQueueHead] has the one loop in which everybody waits, [ThreadWait] the thread that does.
///
/// Wake-ups may come from any context and never block. A wait queue's monitor is held while its entries
/// are woken. [SoftIrq] belongs to one thread.
@NullMarked
package dev.linnet.kernel.sched;

import org.jspecify.annotations.NullMarked;
