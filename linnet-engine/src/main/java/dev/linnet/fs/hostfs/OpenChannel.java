package dev.linnet.fs.hostfs;

import dev.linnet.fs.File;
import dev.linnet.fs.FileOperations;
import dev.linnet.fs.IovIter;
import dev.linnet.fs.Pipe;
import dev.linnet.fs.SpliceRead;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A file that the JVM's program has open, as a file of the process that can be read and sent from.
///
/// Nothing of it is kept: each read asks the machine, so that what the program has written a moment before through the
/// same channel is what is sent. The channel's own position is left alone, and closing the file leaves it open.
public final class OpenChannel extends FileOperations {
    private static final OpenChannel INSTANCE = new OpenChannel();

    private static final int MODE = 0400;

    private OpenChannel() {}

    /// The file of a channel that is open for reading.
    public static File newFile(FileChannel channel) {
        return new File(INSTANCE, channel, Fcntl.O_RDONLY);
    }

    private static FileChannel channel(File file) {
        return (FileChannel) file.privateData;
    }

    /// Reads straight into the user's buffers.
    @Override
    public long read(File file, IovIter to, long pos) {
        long done = 0;
        while (to.count() > 0) {
            int n = readOnce(channel(file), to, pos + done);
            if (n <= 0) {
                return done > 0 ? done : n;
            }
            done += n;
        }
        return done;
    }

    private static int readOnce(FileChannel channel, IovIter to, long pos) {
        ByteBuffer room = to.segment();
        if (!room.hasRemaining()) {
            return -Errno.EFAULT;
        }
        int start = room.position();
        int err = HostErrors.result(() -> channel.read(room, pos));
        int n = room.position() - start;
        to.advance(n);
        return err < 0 ? err : n;
    }

    /// The machine writes into the memory of the packets.
    @Override
    public long spliceRead(File file, long[] pos, Pipe pipe, int length, int flags) {
        return SpliceRead.copy(file, pos, pipe, length);
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    public long llseek(File file, long offset, int whence) {
        return seekWithoutEnd(file, offset, whence);
    }

    @Override
    public Stat stat(File file) {
        long size;
        try {
            size = channel(file).size();
        } catch (IOException e) {
            size = 0; // closed
        }
        return Stat.of(Stat.S_IFREG | MODE, 0, size);
    }

    @Override
    protected String kindName() {
        return "channel";
    }

    @Override
    public void release(File file) {
        // the program closes its channel itself
    }
}
