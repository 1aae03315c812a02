package dev.linnet.syscall;

import dev.linnet.fs.VmArea;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Mman;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The mappings of files in one process's memory, by address (`mm_mt` of `struct mm_struct`). Guarded by its own
/// monitor, which is taken inside that of the [UserSpace].
final class VmaTree {
    private static final int PAGE_SIZE = MmapCalls.PAGE_SIZE;

    /// Part of a mapping that lies in one piece and has one protection.
    ///
    /// @param first its first page in the mapping
    private record Piece(long start, int pages, VmArea area, int first, int prot) {
        long end() {
            return start + (long) pages * PAGE_SIZE;
        }

        Piece part(long from, long to, int newProt) {
            int skip = (int) ((from - start) / PAGE_SIZE);
            return new Piece(from, (int) ((to - from) / PAGE_SIZE), area, first + skip, newProt);
        }
    }

    private final TreeMap<Long, Piece> pieces = new TreeMap<>();

    synchronized void insert(long address, VmArea area, int prot) {
        pieces.put(address, new Piece(address, area.pages(), area, 0, prot));
    }

    private @Nullable Piece at(long address) {
        Map.Entry<Long, Piece> below = pieces.floorEntry(address);
        return below == null || address >= below.getValue().end() ? null : below.getValue();
    }

    /// True if an address is in a mapping, whether it can be touched or not.
    synchronized boolean contains(long address) {
        return at(address) != null;
    }

    /// True if any address of a range is in a mapping.
    synchronized boolean overlaps(long from, long to) {
        Map.Entry<Long, Piece> below = pieces.lowerEntry(to);
        return below != null && below.getValue().end() > from;
    }

    /// The memory from an address to the end of its page; null if nothing is mapped there, the protection
    /// forbids it, or the file does not go so far.
    @Kernel("do_user_addr_fault")
    synchronized @Nullable ByteBuffer memory(long address, boolean write) {
        Piece piece = at(address);
        if (piece == null || piece.prot == 0 || write && (piece.prot & Mman.PROT_WRITE) == 0) {
            return null;
        }
        int page = piece.first + (int) ((address - piece.start) / PAGE_SIZE);
        ByteBuffer memory = piece.area.fault(page, write);
        return memory == null
                ? null
                : memory.slice(
                        memory.position() + (int) (address % PAGE_SIZE),
                        PAGE_SIZE - (int) (address % PAGE_SIZE));
    }

    /// Cuts the pieces at a place, so that none lies across it (`split_vma`).
    @Kernel("split_vma")
    private void split(long address) {
        Piece piece = at(address);
        if (piece != null && piece.start < address) {
            pieces.put(piece.start, piece.part(piece.start, address, piece.prot));
            pieces.put(address, piece.part(address, piece.end(), piece.prot));
        }
    }

    /// Takes away what is mapped in a range.
    @Kernel("do_vmi_munmap")
    synchronized void unmap(long from, long to) {
        split(from);
        split(to);
        Map<Long, Piece> range = pieces.subMap(from, to);
        range.values().forEach(piece -> piece.area.unmap(piece.first, piece.pages));
        range.clear();
    }

    /// Changes the protection of a range: 0, or `-ENOMEM` if something in it is not mapped.
    @Kernel("do_mprotect_pkey")
    synchronized int protect(long from, long to, int prot) {
        if (!covers(from, to)) {
            return -Errno.ENOMEM;
        }
        split(from);
        split(to);
        pieces.subMap(from, to)
                .replaceAll((start, piece) -> piece.part(piece.start, piece.end(), prot));
        return 0;
    }

    private boolean covers(long from, long to) {
        long at = from;
        while (at < to) {
            Piece piece = at(at);
            if (piece == null) {
                return false;
            }
            at = piece.end();
        }
        return true;
    }

    /// Writes back what shared mappings in a range have changed: 0, `-EIO`, `-ENOMEM` if something in it is
    /// not mapped; then the rest is written all the same.
    @Kernel("msync")
    synchronized int sync(long from, long to) {
        int result = covers(from, to) ? 0 : -Errno.ENOMEM;
        for (Piece piece : pieces.values()) {
            if (piece.start < to && piece.end() > from) {
                int err = piece.area.sync();
                result = err < 0 ? err : result;
            }
        }
        return result;
    }

    /// Takes everything away: the process ends.
    synchronized void clear() {
        pieces.values().forEach(piece -> piece.area.unmap(piece.first, piece.pages));
        pieces.clear();
    }
}
