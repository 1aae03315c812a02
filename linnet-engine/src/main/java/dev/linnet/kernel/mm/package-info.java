/// Memory: pages with reference counts, the pool that they come from, and the page cache.
///
/// Mirrors `mm/page_alloc.c`, `mm/page_frag_cache.c`, `mm/filemap.c`, `mm/vmscan.c` and `mm/page-writeback.c` as far as
/// they are needed. [Page] is shared by reference, [PagePool] hands pages out and counts them, [PageFrag] is a place in
/// one; [AddressSpace] has the pages of a file, [PageCache] counts those of all files of a host.
///
/// Safe from any thread. The stripes of the pool have locks that are only tried on the packets' way.
@NullMarked
package dev.linnet.kernel.mm;

import org.jspecify.annotations.NullMarked;
