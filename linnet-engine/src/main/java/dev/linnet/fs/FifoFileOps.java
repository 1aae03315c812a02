package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.Scheduler.Wake;
import dev.linnet.kernel.sched.ThreadWait;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// FIFOs: pipes that are opened by a name (`fifo_open` in `fs/pipe.c`). The pipe is there as long as somebody has
/// the FIFO open.
final class FifoFileOps extends PipeFileOps {
    private static final FifoFileOps OPS = new FifoFileOps();

    /// What `poll` takes for: whatever writers there were.
    private static final int ANY = -1;

    private FifoFileOps() {}

    /// The pipe of an inode and how many files it has; guarded by the inode's `rwsem`.
    private static final class Fifo {
        final Pipe pipe;
        int files;

        Fifo(Pipe pipe) {
            this.pipe = pipe;
        }
    }

    /// @param writersSeen how many writers had come when a reader opened it without waiting: until there is
    ///     another, their absence is no hang-up
    private record End(Inode inode, Fifo fifo, int writersSeen) {}

    /// Opens an end. A reader waits for a writer and a writer for a reader; with `O_NONBLOCK` a reader does not
    /// wait and a writer without a reader gets `-ENXIO`. Who opens both ends waits for nobody. Null and the error
    /// in `err[0]`.
    @Kernel("fifo_open")
    static @Nullable File open(Inode inode, VfsPath path, int flags, int[] err) {
        Fifo fifo = take(inode);
        Pipe pipe = fifo.pipe;
        int writersBefore = pipe.writerOpens();
        boolean reads = File.reads(flags);
        boolean writes = File.writes(flags);
        boolean nonblock = (flags & Fcntl.O_NONBLOCK) != 0;
        if (writes && !reads && nonblock && pipe.readers() == 0) {
            give(inode, fifo);
            err[0] = -Errno.ENXIO;
            return null;
        }
        int readersBefore = pipe.readerOpens();
        boolean alone = reads != writes && (reads ? pipe.writers() : pipe.readers()) == 0;
        pipe.opened(reads, writes);
        pipe.rdWait.wakeUpAll(0);
        if (alone && !nonblock) {
            boolean met =
                    reads
                            ? awaitPartner(inode, pipe, pipe::writerOpens, writersBefore)
                            : awaitPartner(inode, pipe, pipe::readerOpens, readersBefore);
            if (!met) {
                pipe.closed(reads, writes);
                give(inode, fifo);
                err[0] = -Errno.EINTR;
                return null;
            }
        }
        int seen = alone && reads && nonblock ? writersBefore : ANY;
        inode.use();
        return new File(OPS, new End(inode, fifo, seen), flags, path);
    }

    @Kernel("wait_for_partner")
    private static boolean awaitPartner(Inode inode, Pipe pipe, IntSupplier opens, int before) {
        ThreadWait wait = ThreadWait.of(inode.sb.scheduler);
        try {
            while (true) {
                pipe.rdWait.prepareToWait(wait);
                if (opens.getAsInt() != before) {
                    return true;
                }
                if (wait.sleep(Scheduler.FOREVER) == Wake.INTERRUPTED) {
                    return false;
                }
            }
        } finally {
            pipe.rdWait.finishWait(wait);
        }
    }

    private static Fifo take(Inode inode) {
        synchronized (inode.rwsem) {
            Fifo fifo = inode.attached instanceof Fifo there ? there : null;
            if (fifo == null) {
                fifo = new Fifo(new Pipe(inode.sb.pool, inode.sb.scheduler));
                inode.attached = fifo;
            }
            fifo.files++;
            return fifo;
        }
    }

    @Kernel("put_pipe_info")
    private static void give(Inode inode, Fifo fifo) {
        synchronized (inode.rwsem) {
            if (--fifo.files == 0) {
                inode.attached = null;
            }
        }
    }

    private static End end(File file) {
        return (End) file.privateData;
    }

    @Override
    protected Pipe pipe(File file) {
        return end(file).fifo.pipe;
    }

    @Override
    public int poll(File file, @Nullable PollTable table) {
        boolean reads = file.readable();
        return pipe(file).poll(file, reads, file.writable(), end(file).writersSeen, table);
    }

    @Override
    public Stat stat(File file) {
        return end(file).inode.getattr();
    }

    @Override
    @Kernel("pipe_release")
    public void release(File file) {
        End end = end(file);
        super.release(file);
        give(end.inode, end.fifo);
        end.inode.unuse();
    }
}
