package dev.linnet.syscall;

import dev.linnet.fs.IovIter;
import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.Page;
import dev.linnet.net.core.sock.UserMapping;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The mappings of TCP sockets in one process's memory, and the pages that were received into them.
/// A page is held until another takes its place or the mapping goes. Thread-safe.
final class SockMapping extends UserMapping {
    private static final int PAGE_SIZE = 4096;

    private final UserSpace mm;

    /// Ends of the areas by their beginnings.
    private final TreeMap<Long, Long> areas = new TreeMap<>();

    private final TreeMap<Long, Page> pages = new TreeMap<>();

    SockMapping(UserSpace mm) {
        this.mm = mm;
    }

    /// A new area without pages.
    @Kernel("tcp_mmap")
    synchronized long map(long length) {
        long at = mm.reserve(length);
        areas.put(at, at + length);
        return at;
    }

    /// Takes away what lies in a range.
    synchronized void unmap(long address, long length) {
        zap(address, length);
        long end = address + length;
        Map.Entry<Long, Long> area;
        while ((area = areas.lowerEntry(end)) != null && area.getValue() > address) {
            areas.remove(area.getKey());
            if (area.getValue() > end) {
                areas.put(end, area.getValue());
            }
            if (area.getKey() < address) {
                areas.put(area.getKey(), address);
            }
        }
    }

    @Override
    @Kernel("find_tcp_vma")
    public synchronized long socketArea(long address) {
        Map.Entry<Long, Long> area = areas.floorEntry(address);
        return area == null ? 0 : Math.max(area.getValue() - address, 0);
    }

    @Override
    @Kernel("zap_page_range_single")
    public synchronized void zap(long address, long length) {
        mm.unmap(address, length);
        NavigableMap<Long, Page> gone = pages.subMap(address, true, address + length, false);
        gone.values().forEach(Page::put);
        gone.clear();
    }

    @Override
    @Kernel({"tcp_zerocopy_vm_insert_batch", "vm_insert_pages"})
    public synchronized void insert(long address, Page page, int offset) {
        page.get();
        pages.put(address, page);
        mm.insert(address, ByteBuffer.wrap(page.data, offset, PAGE_SIZE));
    }

    @Override
    public IovIter buffer(long address, int length) {
        return Uaccess.buffer(mm, address, length, true, new IovIter());
    }
}
