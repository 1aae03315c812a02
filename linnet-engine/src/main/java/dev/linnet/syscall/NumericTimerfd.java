package dev.linnet.syscall;

import dev.linnet.uapi.Errno;
import dev.linnet.uapi.ItimerSpec;

/// The calls on timers by number that have pointers.
final class NumericTimerfd {
    private NumericTimerfd() {}

    static long settime(
            TaskStruct task, UserSpace mm, int fd, int flags, long valuePtr, long oldPtr) {
        byte[] raw = mm.read(valuePtr, ItimerSpec.SIZE);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        ItimerSpec value = ItimerSpec.decode(raw);
        if (value == null) {
            return -Errno.EINVAL;
        }
        ItimerSpec[] old = new ItimerSpec[1];
        int err = EventCalls.timerfdSettime(task, fd, flags, value, old);
        return err < 0 || oldPtr == 0 ? err : put(mm, oldPtr, old[0]);
    }

    static long gettime(TaskStruct task, UserSpace mm, int fd, long ptr) {
        ItimerSpec[] now = new ItimerSpec[1];
        int err = EventCalls.timerfdGettime(task, fd, now);
        return err < 0 ? err : put(mm, ptr, now[0]);
    }

    private static int put(UserSpace mm, long ptr, ItimerSpec value) {
        return mm.write(ptr, value.encode(), ItimerSpec.SIZE) ? 0 : -Errno.EFAULT;
    }
}
