package dev.linnet.syscall;

import dev.linnet.fs.File;
import dev.linnet.fs.IovIter;
import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.TimeSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What several calls of the numeric entry read from the process's memory and write to it: addresses,
/// buffers, names, pairs of descriptors. Layouts of structures are in `dev.linnet.uapi`.
final class Uaccess {
    static final int IOV_MAX = 1024;
    private static final int SIGSET_SIZE = 8;

    private static final int MAX_RW_COUNT = 0x7ffff000;
    private static final int IOV_SIZE = 16;
    private static final int PATH_MAX = 4096;

    private Uaccess() {}

    /// Reads a `struct sockaddr`: null and `-EINVAL`, `-EFAULT` in `err[0]`.
    @Kernel("move_addr_to_kernel")
    static @Nullable SockAddr address(UserSpace mm, long ptr, int length, int[] err) {
        if (length < 0 || length > SockAddr.STORAGE_SIZE) {
            err[0] = -Errno.EINVAL;
            return null;
        }
        byte[] raw = length == 0 ? new byte[0] : mm.read(ptr, length);
        if (raw == null) {
            err[0] = -Errno.EFAULT;
            return null;
        }
        return SockAddr.decode(raw, 0, length);
    }

    /// Writes an address and its true length; 0 or `-errno`.
    ///
    /// @param address null has length 0
    @Kernel("move_addr_to_user")
    static int putAddress(UserSpace mm, @Nullable SockAddr address, long ptr, long lengthPtr) {
        byte[] room = mm.read(lengthPtr, 4);
        if (room == null) {
            return -Errno.EFAULT;
        }
        byte[] raw = new byte[SockAddr.STORAGE_SIZE];
        int length = address == null ? 0 : address.encode(raw, 0);
        int offered = Math.min(Abi.getInt(room, 0), length);
        if (offered < 0) {
            return -Errno.EINVAL;
        }
        Abi.putInt(room, 0, length);
        boolean told = mm.write(lengthPtr, room, 4);
        return told && (offered == 0 || mm.write(ptr, raw, offered)) ? 0 : -Errno.EFAULT;
    }

    /// `otherwise`, unless the descriptor is closed: it is looked at before the pointers.
    static int orBadFd(TaskStruct task, int fd, int otherwise) {
        File file = task.files.get(fd);
        if (file == null) {
            return -Errno.EBADF;
        }
        file.put();
        return otherwise;
    }

    /// Writes two descriptors; 0 or `-EFAULT`.
    static int putPair(UserSpace mm, long ptr, int first, int second) {
        byte[] raw = new byte[8];
        Abi.putInt(raw, 0, first);
        Abi.putInt(raw, 4, second);
        return mm.write(ptr, raw, raw.length) ? 0 : -Errno.EFAULT;
    }

    /// Fills an iterator with one buffer, as far as its memory is good.
    ///
    /// @param toUser whether the call writes to it
    @Kernel("import_ubuf")
    static IovIter buffer(UserSpace mm, long ptr, long length, boolean toUser, IovIter iter) {
        long count = length < 0 ? MAX_RW_COUNT : Math.min(length, MAX_RW_COUNT);
        List<ByteBuffer> parts = new ArrayList<>(1);
        long good = mm.slices(ptr, count, toUser, parts);
        return set(iter, parts, good, count);
    }

    private static IovIter set(IovIter iter, List<ByteBuffer> parts, long good, long total) {
        iter.set(parts.toArray(new ByteBuffer[0]), 0, parts.size());
        return good < total ? iter.faultAt(good, total) : iter;
    }

    /// Fills an iterator from a `struct iovec` array: 0, `-EINVAL` for more than 1024 or a negative
    /// length, `-EFAULT`. A buffer that is bad cuts the transfer short.
    @Kernel("import_iovec")
    static int iovec(UserSpace mm, long ptr, long count, boolean toUser, IovIter iter) {
        if (count < 0 || count > IOV_MAX) {
            return -Errno.EINVAL;
        }
        byte[] raw = count == 0 ? new byte[0] : mm.read(ptr, (int) count * IOV_SIZE);
        if (raw == null) {
            return -Errno.EFAULT;
        }
        List<ByteBuffer> parts = new ArrayList<>((int) count);
        long good = 0;
        long total = 0;
        for (int i = 0; i < count; i++) {
            long length = Abi.getLong(raw, i * IOV_SIZE + 8);
            if (length < 0) {
                return -Errno.EINVAL;
            }
            if (good == total) {
                good += mm.slices(Abi.getLong(raw, i * IOV_SIZE), length, toUser, parts);
            }
            total += length;
        }
        set(iter, parts, good, total);
        return 0;
    }

    /// Looks at a set of signals: 0, `-EINVAL` unless it has 8 bytes, `-EFAULT`. There are no signals to
    /// block (D-004).
    @Kernel("set_user_sigmask")
    static int sigmask(UserSpace mm, long ptr, long size) {
        if (ptr == 0) {
            return 0;
        }
        if (size != SIGSET_SIZE) {
            return -Errno.EINVAL;
        }
        return mm.read(ptr, SIGSET_SIZE) == null ? -Errno.EFAULT : 0;
    }

    /// Reads a span of time: null and `-EFAULT`, or `-EINVAL` if it is none, in `err[0]`.
    @Kernel("get_timespec64")
    static @Nullable TimeSpec span(UserSpace mm, long ptr, int[] err) {
        byte[] raw = mm.read(ptr, TimeSpec.SIZE);
        TimeSpec span = raw == null ? null : TimeSpec.decode(raw, 0);
        if (span == null || !span.isValid()) {
            err[0] = span == null ? -Errno.EFAULT : -Errno.EINVAL;
            return null;
        }
        return span;
    }

    /// Until when a call waits that may be given a span, without one for ever: null and `err[0]` as
    /// [#span].
    static @Nullable Deadline deadline(TaskStruct task, UserSpace mm, long ptr, int[] err) {
        if (ptr == 0) {
            return Deadline.never(task.net.scheduler);
        }
        TimeSpec span = span(mm, ptr, err);
        return span == null ? null : Deadline.in(task.net.scheduler, span.toNanos());
    }

    /// Reads a name: null and `-EFAULT`, `-ENAMETOOLONG` in `err[0]`.
    @Kernel("getname")
    static @Nullable String path(UserSpace mm, long ptr, int[] err) {
        int room = (int) mm.accessible(ptr, PATH_MAX);
        byte[] raw = room == 0 ? null : mm.read(ptr, room);
        for (int i = 0; raw != null && i < room; i++) {
            if (raw[i] == 0) {
                return new String(raw, 0, i, StandardCharsets.UTF_8);
            }
        }
        err[0] = room == PATH_MAX ? -Errno.ENAMETOOLONG : -Errno.EFAULT;
        return null;
    }
}
