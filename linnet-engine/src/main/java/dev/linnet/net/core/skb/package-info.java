/// Packets in memory: [SkBuff] over pooled pages, queues and trees of them.
///
/// Mirrors `net/core/skbuff.c`, `include/linux/skbuff.h` and `lib/rbtree.c` as far as packets need it.
/// [SkBuffPool] is where packets come from, [SkbOps] walks over their bytes, [SkBuffHead] and [SkbRbTree]
/// hold many, [TcpSkbCb] is TCP's note on one.
///
/// An `SkBuff` has one owner at a time, which alone may change it; who takes one either passes it on or ends
/// it with [SkBuff#consume()] or [SkBuff#drop]. Pages are shared by reference count. Queues have no lock of
/// their own: what guards them says their owner.
@NullMarked
package dev.linnet.net.core.skb;

import org.jspecify.annotations.NullMarked;
