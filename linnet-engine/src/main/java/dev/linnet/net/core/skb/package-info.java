/// Packets in memory: [dev.linnet.net.core.skb.SkBuff] over pooled pages, queues and trees of them.
///
/// Mirrors `net/core/skbuff.c`, `include/linux/skbuff.h` and `mm/page_frag_cache.c`. Ownership: an
/// `SkBuff` has one owner at a time; who takes one either passes it on or ends it with
/// [dev.linnet.net.core.skb.SkBuff#consume()] or [dev.linnet.net.core.skb.SkBuff#drop]. Pages are
/// shared by reference count.
@NullMarked
package dev.linnet.net.core.skb;

import org.jspecify.annotations.NullMarked;
