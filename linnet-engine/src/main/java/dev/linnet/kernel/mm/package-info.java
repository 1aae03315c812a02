/// Memory: pages with reference counts and the pool that they come from.
///
/// Mirrors `mm/page_alloc.c` and `mm/page_frag_cache.c` as far as a network stack needs them.
@NullMarked
package dev.linnet.kernel.mm;

import org.jspecify.annotations.NullMarked;
