package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The memory of a process as the numeric entry sees it (`struct mm_struct`): areas at addresses, and
/// holes between them that a call answers with `EFAULT`. Areas that touch are one to a call.
///
/// Thread-safe. What a call copies to an area that is unmapped meanwhile is lost.
public final class UserSpace {
    private static final long BASE = 0x7f00_0000_0000L;
    private static final long TASK_SIZE = 0x7fff_ffff_f000L;
    private static final int PAGE = 4096;

    /// A piece of memory that lies at an address (`struct vm_area_struct`).
    private record Area(long start, ByteBuffer memory, boolean writable) {
        long end() {
            return start + memory.limit();
        }
    }

    private final TreeMap<Long, Area> areas = new TreeMap<>();
    private long next = BASE;

    /// Mappings of files.
    final VmaTree vmas = new VmaTree();

    /// Mappings of sockets.
    final SockMapping sockets = new SockMapping(this);

    /// A new block of zeros, at an address of its own with a hole behind it. It ends where it is asked
    /// to, not at a page.
    public long allocate(int bytes) {
        return map(true, ByteBuffer.wrap(new byte[Math.max(bytes, 1)]));
    }

    /// Puts memory at an address of its own, one piece right behind the other, with a hole behind the
    /// last (`mmap`). The address is that of the first.
    ///
    /// @param writable whether calls may write to it; else they answer `EFAULT`
    @Kernel("do_mmap")
    public synchronized long map(boolean writable, ByteBuffer... pieces) {
        long at = next;
        long end = at;
        for (ByteBuffer piece : pieces) {
            areas.put(end, new Area(end, piece.slice(), writable));
            end += piece.remaining();
        }
        next = (end + 2L * PAGE - 1) / PAGE * PAGE;
        return at;
    }

    /// Sets addresses aside, from a page on and with a hole behind them; nothing is there yet.
    synchronized long reserve(long length) {
        long at = next;
        next = (at + length + 2L * PAGE - 1) / PAGE * PAGE;
        return at;
    }

    /// Puts memory, which is only to be read, at addresses that were set aside.
    synchronized void insert(long address, ByteBuffer memory) {
        areas.put(address, new Area(address, memory.slice(), false));
    }

    /// Takes away the areas that begin within a range (`munmap`).
    @Kernel("do_vmi_munmap")
    public synchronized void unmap(long address, long length) {
        areas.subMap(address, address + length).clear();
    }

    /// The process ends: no file is mapped any more (`exit_mmap`).
    @Kernel("exit_mmap")
    public void close() {
        vmas.clear();
    }

    /// Forbids or allows writing to the areas that begin within a range (`mprotect`).
    @Kernel("do_mprotect_pkey")
    public synchronized void protect(long address, long length, boolean writable) {
        areas.subMap(address, address + length)
                .replaceAll((at, area) -> new Area(at, area.memory, writable));
    }

    private @Nullable Area find(long address, boolean write) {
        synchronized (this) {
            Map.Entry<Long, Area> below = areas.floorEntry(address);
            if (below != null && address < below.getValue().end()) {
                return below.getValue();
            }
        }
        ByteBuffer page = vmas.memory(address, write);
        return page == null ? null : new Area(address, page, write);
    }

    /// True if no address of a range is in use.
    synchronized boolean isFree(long address, long length) {
        Map.Entry<Long, Area> below = areas.lowerEntry(address + length);
        return (below == null || below.getValue().end() <= address)
                && !vmas.overlaps(address, address + length);
    }

    /// Whether a range is one that a process can have at all, mapped or not.
    @Kernel("access_ok")
    public static boolean accessOk(long address, long length) {
        return length >= 0 && address >= 0 && address <= TASK_SIZE && length <= TASK_SIZE - address;
    }

    /// Adds views of the memory from an address on, up to `length` bytes or the first hole, and says
    /// how many bytes they are.
    ///
    /// @param toWrite memory that must not be written counts as a hole
    public long slices(long address, long length, boolean toWrite, List<ByteBuffer> out) {
        long done = 0;
        while (done < length) {
            Area area = find(address + done, toWrite);
            if (area == null || toWrite && !area.writable) {
                break;
            }
            int offset = (int) (address + done - area.start);
            int n = (int) Math.min(area.memory.limit() - offset, length - done);
            out.add(area.memory.slice(offset, n));
            done += n;
        }
        return done;
    }

    /// How many bytes from an address on can be read, at most `max`.
    public long accessible(long address, long max) {
        long done = 0;
        Area area;
        while (done < max && (area = find(address + done, false)) != null) {
            done = area.end() - address;
        }
        return Math.min(done, max);
    }

    /// A copy of the bytes at an address, or null: `EFAULT`.
    @Kernel("copy_from_user")
    public byte @Nullable [] read(long address, int length) {
        byte[] copy = new byte[length];
        int done = 0;
        while (done < length) {
            Area area = find(address + done, false);
            if (area == null) {
                return null;
            }
            int offset = (int) (address + done - area.start);
            int n = Math.min(area.memory.limit() - offset, length - done);
            area.memory.get(offset, copy, done, n);
            done += n;
        }
        return copy;
    }

    /// Copies bytes to an address; false: `EFAULT`, and what lies before the hole is written.
    @Kernel("copy_to_user")
    public boolean write(long address, byte[] bytes, int length) {
        int done = 0;
        while (done < length) {
            Area area = find(address + done, true);
            if (area == null || !area.writable) {
                return false;
            }
            int offset = (int) (address + done - area.start);
            int n = Math.min(area.memory.limit() - offset, length - done);
            area.memory.put(offset, bytes, done, n);
            done += n;
        }
        return true;
    }
}
