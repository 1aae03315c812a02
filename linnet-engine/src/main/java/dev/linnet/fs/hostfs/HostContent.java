package dev.linnet.fs.hostfs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.mm.AddressSpace;
import dev.linnet.kernel.mm.AddressSpaceOperations;
import dev.linnet.kernel.mm.Folio;
import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The content of a file of a [HostFs]: pages in memory, and the machine's file behind them, which is open as long
/// as somebody has the inode open (`hostfs_aops`).
@Kernel("hostfs_aops")
final class HostContent extends AddressSpaceOperations {
    final AddressSpace mapping;
    private final HostInode inode;

    /// Guarded by the monitor of this object; used without, as channels are safe from any thread.
    private volatile @Nullable FileChannel channel;

    private boolean writable;

    HostContent(HostInode inode, HostFs hostfs) {
        this.inode = inode;
        this.mapping = new AddressSpace(hostfs.pool, this, hostfs.cache);
    }

    @Override
    public boolean holes() {
        return false;
    }

    boolean isOpen() {
        return channel != null;
    }

    /// Opens the machine's file, or opens it anew if somebody wants to write now: 0 or `-errno`.
    synchronized int open(Path path, boolean writes) {
        FileChannel old = channel;
        if (old != null && (writable || !writes)) {
            return 0;
        }
        Set<OpenOption> options =
                writes
                        ? Set.of(
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS)
                        : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        return HostErrors.result(
                () -> {
                    channel = FileChannel.open(path, options);
                    writable = writes;
                    if (old != null) {
                        old.close();
                    }
                });
    }

    @Override
    @Kernel("hostfs_read_folio")
    public int readFolio(Folio folio) {
        FileChannel from = channel;
        if (from == null) {
            return -Errno.EIO;
        }
        byte[] data = folio.page.data;
        ByteBuffer buffer = ByteBuffer.wrap(data);
        try {
            int n = 0;
            while (buffer.hasRemaining() && n >= 0) {
                n = from.read(buffer, folio.pos() + buffer.position());
            }
            Arrays.fill(data, buffer.position(), data.length, (byte) 0);
            return 0;
        } catch (IOException e) {
            return -Errno.EIO;
        }
    }

    @Override
    @Kernel("hostfs_writepages")
    public int writeFolio(Folio folio) {
        FileChannel to = channel;
        int length = (int) Math.min(folio.size(), inode.size - folio.pos());
        if (length <= 0) {
            return 0;
        }
        if (to == null) {
            return -Errno.EIO;
        }
        ByteBuffer buffer = ByteBuffer.wrap(folio.page.data, 0, length);
        return HostErrors.result(
                () -> {
                    while (buffer.hasRemaining()) {
                        to.write(buffer, folio.pos() + buffer.position());
                    }
                });
    }

    /// Writes what is dirty, and has the machine write it: 0 or the first error since the last time.
    int fsync() {
        boolean dirty = mapping.isDirty();
        int err = mapping.writeback();
        FileChannel to = channel;
        if (err == 0 && dirty && to != null) {
            err = HostErrors.result(() -> to.force(true));
        }
        if (dirty) {
            inode.written();
        }
        int earlier = mapping.takeError();
        return err < 0 ? err : earlier;
    }

    /// Sets the size on the machine; dirty pages are written first, so that their order does not matter.
    int resize(@Nullable Path path, long size) {
        int err = mapping.writeback();
        boolean opened = !isOpen();
        if (err == 0 && path != null) {
            err = open(path, true);
        }
        FileChannel to = channel;
        if (err == 0 && to != null) {
            err =
                    HostErrors.result(
                            () -> {
                                if (size <= to.size()) {
                                    to.truncate(size);
                                } else {
                                    to.write(ByteBuffer.wrap(new byte[1]), size - 1);
                                }
                            });
        }
        if (opened) {
            closeChannel();
        }
        return err;
    }

    /// Nobody uses the file any more.
    void close() {
        if (mapping.isDirty()) {
            mapping.writeback();
            inode.written();
        }
        closeChannel();
    }

    private synchronized void closeChannel() {
        FileChannel open = channel;
        if (open != null && inode.isUnused()) {
            channel = null;
            writable = false;
            int err = HostErrors.result(open::close);
            assert err == 0 || err == -Errno.EIO : "closing gives nothing else";
        }
    }

    void drop() {
        mapping.truncate(0);
        closeChannel();
    }
}
