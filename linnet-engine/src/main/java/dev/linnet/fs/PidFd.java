package dev.linnet.fs;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.PollEvents;
import dev.linnet.uapi.Stat;
import org.jspecify.annotations.Nullable;

/// A file that stands for a process (`pidfd`): it tells when the process has ended.
public final class PidFd extends FileOperations {
    private static final PidFd OPS = new PidFd();

    private PidFd() {}

    /// A descriptor of `files`, close-on-exec, for a process: `-EMFILE`.
    ///
    /// @param flags `O_NONBLOCK`
    @Kernel({"pidfd_prepare", "pidfd_create"})
    public static int open(FileDescriptorTable files, CurrentTask task, int flags) {
        int fd = files.reserve(true);
        if (fd >= 0) {
            files.install(fd, new File(OPS, task, Fcntl.O_RDWR | flags));
        }
        return fd;
    }

    @Override
    protected String kindName() {
        return "pidfd";
    }

    @Override
    public boolean canPoll() {
        return true;
    }

    @Override
    @Kernel("pidfd_poll")
    public int poll(File file, @Nullable PollTable table) {
        CurrentTask task = (CurrentTask) file.privateData;
        if (table != null) {
            table.wait(file, task.waitPidfd);
        }
        return task.exited() ? PollEvents.POLLIN | PollEvents.POLLRDNORM | PollEvents.POLLHUP : 0;
    }

    @Override
    @Kernel("pidfd_show_fdinfo")
    public void showFdinfo(File file, StringBuilder out) {
        CurrentTask task = (CurrentTask) file.privateData;
        int pid = task.exited() ? -1 : task.ucred().pid();
        out.append("Pid:\t").append(pid).append("\nNSpid:\t").append(pid).append('\n');
    }

    @Override
    public Stat stat(File file) {
        return Stat.of(Stat.S_IFREG | 0700, 0, 0);
    }

    @Override
    public void release(File file) {}
}
