package dev.linnet.stack;

import dev.linnet.fs.VmArea;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Mman;
import java.nio.ByteBuffer;

/// A file in memory, as `Task.mmap` gives it.
///
/// Through a shared mapping the file itself is read and written: what is put here, `read` reads, and what `write`
/// writes is here. Through a private one only the first reads are the file's; what is put here stays here.
/// Touching what lies behind the end of the file throws [SigBus], as Linux sends that signal.
///
/// Thread-safe as far as bytes are. Pages given by [#page] stay valid after [#close], but are the file's no more.
public final class Mapping implements AutoCloseable {
    private static final int PAGE_SIZE = 4096;

    private final VmArea area;
    private final int prot;
    private final long length;
    private boolean closed;

    Mapping(VmArea area, int prot) {
        this.area = area;
        this.prot = prot;
        this.length = (long) area.pages() * PAGE_SIZE;
    }

    /// Touching memory behind the end of the file that is mapped.
    public static final class SigBus extends RuntimeException {
        private static final long serialVersionUID = 1;

        SigBus(long at) {
            super("nothing of the file is at byte " + at + " of the mapping");
        }
    }

    /// Touching memory in a way that its protection does not allow, or that is not mapped any more.
    public static final class SigSegv extends RuntimeException {
        private static final long serialVersionUID = 1;

        SigSegv(long at) {
            super("byte " + at + " of the mapping may not be touched so");
        }
    }

    /// Bytes, a multiple of 4096.
    public long length() {
        return length;
    }

    /// The page that a byte is in, from that byte to its end: a view of the memory, to be read only unless the
    /// mapping is one to write.
    ///
    /// @throws SigBus behind the end of the file
    /// @throws SigSegv outside of the mapping, or if it may not be touched at all
    public ByteBuffer page(long at) {
        boolean write = (prot & Mman.PROT_WRITE) != 0;
        ByteBuffer page = memory(at, write);
        return write ? page : page.asReadOnlyBuffer();
    }

    private synchronized ByteBuffer memory(long at, boolean write) {
        if (closed || at < 0 || at >= length || prot == 0) {
            throw new SigSegv(at);
        }
        ByteBuffer page = area.fault((int) (at / PAGE_SIZE), write);
        if (page == null) {
            throw new SigBus(at);
        }
        int skip = (int) (at % PAGE_SIZE);
        return page.slice(page.position() + skip, PAGE_SIZE - skip);
    }

    /// Reads bytes.
    public void get(long at, byte[] out, int offset, int count) {
        int done = 0;
        while (done < count) {
            ByteBuffer page = memory(at + done, false);
            int n = Math.min(page.remaining(), count - done);
            page.get(0, out, offset + done, n);
            done += n;
        }
    }

    /// Writes bytes.
    ///
    /// @throws SigSegv if the mapping is not one to write
    public void put(long at, byte[] data, int offset, int count) {
        if ((prot & Mman.PROT_WRITE) == 0) {
            throw new SigSegv(at);
        }
        int done = 0;
        while (done < count) {
            ByteBuffer page = memory(at + done, true);
            int n = Math.min(page.remaining(), count - done);
            page.put(0, data, offset + done, n);
            done += n;
        }
    }

    /// Reads a byte.
    public byte get(long at) {
        return memory(at, false).get(0);
    }

    /// Writes a byte.
    public void put(long at, byte value) {
        put(at, new byte[] {value}, 0, 1);
    }

    /// Writes to where the file is kept what was put into a shared mapping (`msync` with `MS_SYNC`). 0, `-EIO`,
    /// `-ENOMEM` after [#close].
    public synchronized int msync() {
        return closed ? -Errno.ENOMEM : area.sync();
    }

    /// Takes the mapping away (`munmap`).
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            area.unmap(0, area.pages());
        }
    }
}
