package dev.linnet.fs;

import dev.linnet.kernel.mm.Page;
import dev.linnet.kernel.mm.PageFrag;
import dev.linnet.kernel.mm.PagePool;
import dev.linnet.kernel.sched.SoftIrq;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A regular file of the machine that the JVM runs on, opened for reading. `sendfile` reads it into
/// pages that go to the socket as they are.
public final class HostFile extends FileOperations {
    private static final HostFile OPS = new HostFile();

    private record Inode(FileChannel channel, PagePool pool) {}

    private HostFile() {}

    /// Opens a file: `-ENOENT`, `-EACCES`, `-EISDIR`, `-EIO` in `result[0]` when null is returned.
    public static @Nullable File open(String name, PagePool pool, int[] result) {
        try {
            Path path = Path.of(name);
            if (Files.isDirectory(path)) {
                result[0] = -Errno.EISDIR;
                return null;
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new File(OPS, new Inode(channel, pool), Fcntl.O_RDONLY);
        } catch (NoSuchFileException | InvalidPathException e) {
            result[0] = -Errno.ENOENT;
        } catch (AccessDeniedException e) {
            result[0] = -Errno.EACCES;
        } catch (IOException e) {
            result[0] = -Errno.EIO;
        }
        return null;
    }

    @Override
    public long read(File file, IovIter to, long pos) {
        Inode inode = (Inode) file.privateData;
        Page page = inode.pool.alloc(SoftIrq.current().stripe, PagePool.FRAG);
        try {
            long done = 0;
            while (to.count() > 0) {
                int want = (int) Math.min(to.count(), page.data.length);
                int n = readInto(inode, page, want, pos + done);
                if (n <= 0) {
                    return done > 0 ? done : n;
                }
                int copied = to.copyToUser(page.data, 0, n);
                done += copied;
                if (copied < n) {
                    return done > 0 ? done : -Errno.EFAULT;
                }
            }
            return done;
        } finally {
            page.put();
        }
    }

    private static int readInto(Inode inode, Page page, int max, long pos) {
        try {
            int n = inode.channel.read(ByteBuffer.wrap(page.data, 0, max), pos);
            return Math.max(n, 0);
        } catch (IOException e) {
            return -Errno.EIO;
        }
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    public long llseek(File file, long offset, int whence) {
        long base =
                switch (whence) {
                    case 0 -> 0;
                    case 1 -> file.pos;
                    case 2 -> stat(file).size();
                    default -> Long.MIN_VALUE;
                };
        if (base == Long.MIN_VALUE || base + offset < 0) {
            return -Errno.EINVAL;
        }
        file.pos = base + offset;
        return file.pos;
    }

    @Override
    public PageReader pageReader(File file) {
        Inode inode = (Inode) file.privateData;
        return new PageReader() {
            @Override
            public int read(long pos, int max, PageFrag out) {
                Page page = inode.pool.alloc(SoftIrq.current().stripe, PagePool.FRAG);
                int toBoundary = page.data.length - (int) (pos % Pipe.PAGE_SIZE);
                int n = readInto(inode, page, Math.min(max, toBoundary), pos);
                if (n <= 0) {
                    page.put();
                    return n;
                }
                out.set(page, 0, n);
                return n;
            }
        };
    }

    @Override
    public Stat stat(File file) {
        try {
            long size = ((Inode) file.privateData).channel.size();
            return Stat.of(Stat.S_IFREG | 0444, 0, size);
        } catch (IOException e) {
            return Stat.of(Stat.S_IFREG | 0444, 0, 0);
        }
    }

    @Override
    public void release(File file) {
        try {
            ((Inode) file.privateData).channel.close();
        } catch (IOException e) {
            // A read-only file loses nothing when it cannot be closed.
        }
    }
}
