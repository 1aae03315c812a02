package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;

/// The ways out of a pipe (`fs/splice.c`).
public final class SpliceWrite {
    private SpliceWrite() {}

    /// Hands an actor what comes out of a pipe until it has taken `length` bytes, takes less than it
    /// was offered, or the pipe is empty: the bytes, 0 without a writer, `-EAGAIN`, `-EINTR`, or what
    /// the actor said. Only for the first byte it waits. The actor may sleep; nobody else gets at the
    /// pipe meanwhile.
    ///
    /// @param maxPieces that the actor is handed at a time
    @Kernel({"__splice_from_pipe", "splice_from_pipe_next", "splice_from_pipe_feed"})
    public static long fromPipe(
            Pipe pipe, long length, int flags, int maxPieces, SpliceActor actor) {
        pipe.mutex.lock();
        int occupied = pipe.ring.occupancy();
        try {
            PipePieces pieces = new PipePieces(pipe);
            long done = 0;
            while (done < length) {
                long result = done > 0 && pipe.ring.empty() ? 0 : awaitData(pipe, flags);
                if (result > 0) {
                    pieces.gather(maxPieces, length - done);
                    result = actor.take(pieces);
                }
                if (result <= 0) {
                    return done > 0 ? done : result;
                }
                occupied = Math.max(occupied, pipe.ring.occupancy());
                pieces.dismiss(result);
                done += result;
            }
            return done;
        } finally {
            boolean freed = pipe.ring.occupancy() < occupied;
            pipe.mutex.unlock();
            if (freed) {
                pipe.wrWait.wakeUp(Pipe.OUT);
            }
        }
    }

    /// Waits for data, letting go of the mutex meanwhile: 1, 0 without a writer, `-EAGAIN`, `-EINTR`.
    private static int awaitData(Pipe pipe, int flags) {
        while (pipe.ring.empty()) {
            if (pipe.writers() == 0) {
                return 0;
            }
            if ((flags & Fcntl.SPLICE_F_NONBLOCK) != 0) {
                return -Errno.EAGAIN;
            }
            pipe.mutex.unlock();
            boolean woken = pipe.waitReadable(false);
            pipe.mutex.lock();
            if (!woken) {
                return -Errno.EINTR;
            }
        }
        return 1;
    }

    /// Writes what comes out of a pipe to a file at `pos[0]`, which moves on.
    @Kernel("iter_file_splice_write")
    static long toFile(Pipe pipe, File file, long[] pos, long length, int flags) {
        IovIter iter = new IovIter();
        return fromPipe(
                pipe,
                length,
                flags,
                pipe.ring.slots(),
                pieces -> {
                    pieces.over(iter);
                    long n = file.ops.write(file, iter, pos[0]);
                    pos[0] += Math.max(n, 0);
                    return n;
                });
    }

    /// Throws away what comes out of a pipe, as `/dev/null` and `/dev/zero` do.
    @Kernel("splice_write_null")
    public static long toNothing(Pipe pipe, long length, int flags) {
        return fromPipe(pipe, length, flags, pipe.ring.slots(), PipePieces::bytes);
    }

    /// Copies what comes out of a pipe to the user.
    @Kernel({"vmsplice_to_user", "pipe_to_user"})
    static long toUser(Pipe pipe, IovIter to, int flags) {
        return fromPipe(pipe, to.count(), flags, 1, pieces -> copyOut(pipe.ring, pieces, to));
    }

    private static long copyOut(PipeRing ring, PipePieces pieces, IovIter to) {
        int want = (int) pieces.bytes();
        int n = to.copyToUser(ring.page(0).data, ring.offset(0), want);
        return n < want ? -Errno.EFAULT : n;
    }
}
