package dev.linnet.fs.hostfs;

import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/// What the JVM's file calls fail with, as an errno.
final class HostErrors {
    /// Errors that have no exception of their own, found by the C library's text.
    private static final int[] BY_TEXT = {
        Errno.EPERM,
        Errno.EXDEV,
        Errno.ENOTDIR,
        Errno.EISDIR,
        Errno.EINVAL,
        Errno.EFBIG,
        Errno.ENOSPC,
        Errno.EROFS,
        Errno.EMLINK,
        Errno.ENAMETOOLONG,
        Errno.ELOOP,
        Errno.EDQUOT,
        Errno.EBUSY,
        Errno.ETXTBSY,
        Errno.EMFILE,
        Errno.ENFILE
    };

    private HostErrors() {}

    /// A call on files of the machine.
    @FunctionalInterface
    interface Call {
        void run() throws IOException;
    }

    /// Runs it: 0 or `-errno`.
    static int result(Call call) {
        try {
            call.run();
            return 0;
        } catch (IOException e) {
            return errno(e);
        }
    }

    /// `-errno`; `-EIO` for what cannot be told.
    static int errno(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> -Errno.ENOENT;
            case FileAlreadyExistsException _ -> -Errno.EEXIST;
            case DirectoryNotEmptyException _ -> -Errno.ENOTEMPTY;
            case AccessDeniedException _ -> -Errno.EACCES;
            case NotDirectoryException _ -> -Errno.ENOTDIR;
            case FileSystemLoopException _ -> -Errno.ELOOP;
            case FileSystemException f -> byText(f.getReason());
            default -> byText(e.getMessage());
        };
    }

    private static int byText(@Nullable String text) {
        for (int errno : BY_TEXT) {
            if (text != null && text.contains(Errno.message(errno))) {
                return -errno;
            }
        }
        return -Errno.EIO;
    }
}
