package dev.linnet.fs.proc;

import dev.linnet.fs.File;
import dev.linnet.fs.FileOperations;
import dev.linnet.fs.IovIter;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Open files of `/proc` (`proc_reg_file_ops`, `proc_sys_file_operations`).
final class ProcFileOps extends FileOperations {
    static final ProcFileOps INSTANCE = new ProcFileOps();

    /// What one write sets at most (`KMALLOC_MAX_SIZE`, in practice a page).
    private static final int MAX_WRITE = 4096;

    /// One opening of a file: what it said when reading began (`struct seq_file`).
    static final class Reader {
        final ProcInode inode;
        private byte @Nullable [] content;

        Reader(ProcInode inode) {
            this.inode = inode;
        }

        /// The content, made anew when it is read from its beginning; null if it cannot be read.
        @Kernel("seq_read_iter")
        synchronized byte @Nullable [] at(long pos) {
            byte[] known = content;
            if (pos == 0 || known == null) {
                String text =
                        switch (inode.node) {
                            case ProcNode.Text file -> file.content().get();
                            case ProcNode.Knob knob -> knob.read().get();
                            default -> null;
                        };
                known = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
                content = known;
            }
            return known;
        }
    }

    private ProcFileOps() {}

    private static ProcInode inode(File file) {
        return ((Reader) file.privateData).inode;
    }

    @Override
    @Kernel({"proc_reg_read_iter", "proc_sys_read"})
    public long read(File file, IovIter to, long pos) {
        byte[] content = ((Reader) file.privateData).at(pos);
        if (content == null) {
            return -Errno.EACCES;
        }
        int from = (int) Math.min(pos, content.length);
        int want = (int) Math.min(to.count(), content.length - from);
        int n = to.copyToUser(content, from, want);
        return n == 0 && want > 0 ? -Errno.EFAULT : n;
    }

    @Override
    @Kernel({"proc_reg_write", "proc_sys_write"})
    public long write(File file, IovIter from, long pos) {
        if (!(inode(file).node instanceof ProcNode.Knob knob)) {
            return ProcNode.NOT_WRITABLE;
        }
        long count = from.count();
        if (count > MAX_WRITE) {
            return -Errno.ENOMEM;
        }
        byte[] text = new byte[(int) count];
        if (from.copyFromUser(text, 0, text.length) < text.length) {
            return -Errno.EFAULT;
        }
        if (pos != 0 || count == 0) {
            return count; // only the first write of an opening means anything
        }
        int err = knob.write().applyAsInt(new String(text, StandardCharsets.UTF_8));
        return err < 0 ? err : count;
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    @Kernel("seq_lseek")
    public long llseek(File file, long offset, int whence) {
        return seekWithoutEnd(file, offset, whence);
    }

    @Override
    public Stat stat(File file) {
        return inode(file).getattr();
    }

    @Override
    public void release(File file) {
        inode(file).unuse();
    }
}
