/// Memory: pages with reference counts and the pool that they come from.
///
/// Mirrors `mm/page_alloc.c` and `mm/page_frag_cache.c` as far as a network stack needs them. [Page] is
/// shared by reference, [PagePool] hands pages out and counts them, [PageFrag] is a place in one.
///
/// Safe from any thread. The stripes of the pool have locks that are only tried on the packets' way.
@NullMarked
package dev.linnet.kernel.mm;

import org.jspecify.annotations.NullMarked;
