package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// An epoll instance as a file (`eventpoll_fops`).
public final class EventPollFileOps extends FileOperations {
    public static final EventPollFileOps INSTANCE = new EventPollFileOps();

    private EventPollFileOps() {}

    /// The instance behind a file, or null: `EINVAL` (`is_file_epoll`).
    @Kernel("is_file_epoll")
    public static @Nullable EventPoll of(File file) {
        return file.ops == INSTANCE ? (EventPoll) file.privateData : null;
    }

    @Override
    protected String kindName() {
        return "eventpoll";
    }

    @Override
    public boolean canReadWrite() {
        return false;
    }

    /// There is no position, and no error (`noop_llseek`).
    @Override
    @Kernel("noop_llseek")
    public long llseek(File file, long offset, int whence) {
        return file.pos;
    }

    @Override
    public boolean anonymous() {
        return true;
    }

    @Override
    public boolean canPoll() {
        return true;
    }

    @Override
    public int poll(File file, @Nullable PollTable table) {
        return ((EventPoll) file.privateData).poll(file, table);
    }

    @Override
    public int ioctl(File file, int cmd, byte[] arg) {
        return ((EventPoll) file.privateData).ioctl(cmd, arg);
    }

    @Override
    public void showFdinfo(File file, StringBuilder out) {
        ((EventPoll) file.privateData).showFdinfo(out);
    }

    @Override
    public void release(File file) {
        ((EventPoll) file.privateData).free();
    }
}
