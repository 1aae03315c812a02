package dev.linnet.syscall;

import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.PollFd;

/// `poll` by number.
final class NumericPoll {
    private NumericPoll() {}

    static long poll(TaskStruct task, UserSpace mm, long ptr, int nfds, int timeoutMs) {
        if (nfds < 0 || nfds > task.files.limit()) {
            return -Errno.EINVAL;
        }
        byte[] raw = nfds == 0 ? new byte[0] : mm.read(ptr, nfds * 8);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        PollFd[] fds = new PollFd[nfds];
        for (int i = 0; i < nfds; i++) {
            fds[i] = new PollFd(Abi.getInt(raw, 8 * i), Abi.getShort(raw, 8 * i + 4));
        }
        int n = PollCalls.poll(task, fds, nfds, timeoutMs < 0 ? -1 : timeoutMs * 1_000_000L);
        for (int i = 0; i < nfds && n >= 0; i++) {
            Abi.putShort(raw, 8 * i + 6, fds[i].revents);
        }
        mm.write(ptr, raw, raw.length);
        return n;
    }
}
