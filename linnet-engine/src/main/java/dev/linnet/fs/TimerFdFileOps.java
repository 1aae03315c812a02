package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Ioctl;
import dev.linnet.uapi.PollEvents;
import org.jspecify.annotations.Nullable;

/// Timers as files (`timerfd_fops`).
public final class TimerFdFileOps extends FileOperations {
    private static final TimerFdFileOps INSTANCE = new TimerFdFileOps();
    private static final int SIZE = 8;

    private TimerFdFileOps() {}

    /// @param flags `O_NONBLOCK` or nothing
    public static File newFile(TimerFd timer, int flags) {
        return new File(INSTANCE, timer, Fcntl.O_RDWR | flags);
    }

    /// The timer behind a file, or null.
    public static @Nullable TimerFd of(File file) {
        return file.ops == INSTANCE ? (TimerFd) file.privateData : null;
    }

    @Override
    protected String kindName() {
        return "timerfd";
    }

    @Override
    public long read(File file, IovIter to, long pos) {
        if (to.count() < SIZE) {
            return -Errno.EINVAL;
        }
        long ticks = ((TimerFd) file.privateData).read(file.nonblock() || to.nowait());
        if (ticks < 0) {
            return ticks;
        }
        byte[] raw = new byte[SIZE];
        Abi.putLong(raw, 0, ticks);
        return to.copyToUser(raw, 0, SIZE) == SIZE ? SIZE : -Errno.EFAULT;
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
    @Kernel("timerfd_poll")
    public int poll(File file, @Nullable PollTable table) {
        TimerFd timer = (TimerFd) file.privateData;
        if (table != null) {
            table.wait(file, timer.wqh);
        }
        return timer.hasTicks() ? PollEvents.POLLIN : 0;
    }

    @Override
    @Kernel("timerfd_ioctl")
    public int ioctl(File file, int cmd, byte[] arg) {
        if (cmd != Ioctl.TFD_IOC_SET_TICKS) {
            return -Errno.ENOTTY;
        }
        return arg.length < SIZE
                ? -Errno.EFAULT
                : ((TimerFd) file.privateData).setTicks(Abi.getLong(arg, 0));
    }

    @Override
    public long llseek(File file, long offset, int whence) {
        return file.pos;
    }

    @Override
    public void showFdinfo(File file, StringBuilder out) {
        ((TimerFd) file.privateData).show(out);
    }

    @Override
    @Kernel("timerfd_release")
    public void release(File file) {
        ((TimerFd) file.privateData).release();
    }
}
