package dev.linnet.uapi;

import static dev.linnet.uapi.Errno.*;

import org.jspecify.annotations.Nullable;

/// Names and texts of the error numbers, one row each.
final class ErrnoTexts {
    private static final @Nullable String[] NAMES = new String[ENOTSUPP + 1];
    private static final @Nullable String[] MESSAGES = new String[ENOTSUPP + 1];

    static {
        row(EPERM, "EPERM", "Operation not permitted");
        row(ENOENT, "ENOENT", "No such file or directory");
        row(ESRCH, "ESRCH", "No such process");
        row(EINTR, "EINTR", "Interrupted system call");
        row(EIO, "EIO", "Input/output error");
        row(ENXIO, "ENXIO", "No such device or address");
        row(E2BIG, "E2BIG", "Argument list too long");
        row(ENOEXEC, "ENOEXEC", "Exec format error");
        row(EBADF, "EBADF", "Bad file descriptor");
        row(ECHILD, "ECHILD", "No child processes");
        row(EAGAIN, "EAGAIN", "Resource temporarily unavailable");
        row(ENOMEM, "ENOMEM", "Cannot allocate memory");
        row(EACCES, "EACCES", "Permission denied");
        row(EFAULT, "EFAULT", "Bad address");
        row(ENOTBLK, "ENOTBLK", "Block device required");
        row(EBUSY, "EBUSY", "Device or resource busy");
        row(EEXIST, "EEXIST", "File exists");
        row(EXDEV, "EXDEV", "Invalid cross-device link");
        row(ENODEV, "ENODEV", "No such device");
        row(ENOTDIR, "ENOTDIR", "Not a directory");
        row(EISDIR, "EISDIR", "Is a directory");
        row(EINVAL, "EINVAL", "Invalid argument");
        row(ENFILE, "ENFILE", "Too many open files in system");
        row(EMFILE, "EMFILE", "Too many open files");
        row(ENOTTY, "ENOTTY", "Inappropriate ioctl for device");
        row(ETXTBSY, "ETXTBSY", "Text file busy");
        row(EFBIG, "EFBIG", "File too large");
        row(ENOSPC, "ENOSPC", "No space left on device");
        row(ESPIPE, "ESPIPE", "Illegal seek");
        row(EROFS, "EROFS", "Read-only file system");
        row(EMLINK, "EMLINK", "Too many links");
        row(EPIPE, "EPIPE", "Broken pipe");
        row(EDOM, "EDOM", "Numerical argument out of domain");
        row(ERANGE, "ERANGE", "Numerical result out of range");
        row(EDEADLK, "EDEADLK", "Resource deadlock avoided");
        row(ENAMETOOLONG, "ENAMETOOLONG", "File name too long");
        row(ENOLCK, "ENOLCK", "No locks available");
        row(ENOSYS, "ENOSYS", "Function not implemented");
        row(ENOTEMPTY, "ENOTEMPTY", "Directory not empty");
        row(ELOOP, "ELOOP", "Too many levels of symbolic links");
        row(ENOMSG, "ENOMSG", "No message of desired type");
        row(EIDRM, "EIDRM", "Identifier removed");
        row(ECHRNG, "ECHRNG", "Channel number out of range");
        row(EL2NSYNC, "EL2NSYNC", "Level 2 not synchronized");
        row(EL3HLT, "EL3HLT", "Level 3 halted");
        row(EL3RST, "EL3RST", "Level 3 reset");
        row(ELNRNG, "ELNRNG", "Link number out of range");
        row(EUNATCH, "EUNATCH", "Protocol driver not attached");
        row(ENOCSI, "ENOCSI", "No CSI structure available");
        row(EL2HLT, "EL2HLT", "Level 2 halted");
        row(EBADE, "EBADE", "Invalid exchange");
        row(EBADR, "EBADR", "Invalid request descriptor");
        row(EXFULL, "EXFULL", "Exchange full");
        row(ENOANO, "ENOANO", "No anode");
        row(EBADRQC, "EBADRQC", "Invalid request code");
        row(EBADSLT, "EBADSLT", "Invalid slot");
        row(EBFONT, "EBFONT", "Bad font file format");
        row(ENOSTR, "ENOSTR", "Device not a stream");
        row(ENODATA, "ENODATA", "No data available");
        row(ETIME, "ETIME", "Timer expired");
        row(ENOSR, "ENOSR", "Out of streams resources");
        row(ENONET, "ENONET", "Machine is not on the network");
        row(ENOPKG, "ENOPKG", "Package not installed");
        row(EREMOTE, "EREMOTE", "Object is remote");
        row(ENOLINK, "ENOLINK", "Link has been severed");
        row(EADV, "EADV", "Advertise error");
        row(ESRMNT, "ESRMNT", "Srmount error");
        row(ECOMM, "ECOMM", "Communication error on send");
        row(EPROTO, "EPROTO", "Protocol error");
        row(EMULTIHOP, "EMULTIHOP", "Multihop attempted");
        row(EDOTDOT, "EDOTDOT", "RFS specific error");
        row(EBADMSG, "EBADMSG", "Bad message");
        row(EOVERFLOW, "EOVERFLOW", "Value too large for defined data type");
        row(ENOTUNIQ, "ENOTUNIQ", "Name not unique on network");
        row(EBADFD, "EBADFD", "File descriptor in bad state");
        row(EREMCHG, "EREMCHG", "Remote address changed");
        row(ELIBACC, "ELIBACC", "Can not access a needed shared library");
        row(ELIBBAD, "ELIBBAD", "Accessing a corrupted shared library");
        row(ELIBSCN, "ELIBSCN", ".lib section in a.out corrupted");
        row(ELIBMAX, "ELIBMAX", "Attempting to link in too many shared libraries");
        row(ELIBEXEC, "ELIBEXEC", "Cannot exec a shared library directly");
        row(EILSEQ, "EILSEQ", "Invalid or incomplete multibyte or wide character");
        row(ERESTART, "ERESTART", "Interrupted system call should be restarted");
        row(ESTRPIPE, "ESTRPIPE", "Streams pipe error");
        row(EUSERS, "EUSERS", "Too many users");
        row(ENOTSOCK, "ENOTSOCK", "Socket operation on non-socket");
        row(EDESTADDRREQ, "EDESTADDRREQ", "Destination address required");
        row(EMSGSIZE, "EMSGSIZE", "Message too long");
        row(EPROTOTYPE, "EPROTOTYPE", "Protocol wrong type for socket");
        row(ENOPROTOOPT, "ENOPROTOOPT", "Protocol not available");
        row(EPROTONOSUPPORT, "EPROTONOSUPPORT", "Protocol not supported");
        row(ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", "Socket type not supported");
        row(EOPNOTSUPP, "EOPNOTSUPP", "Operation not supported");
        row(EPFNOSUPPORT, "EPFNOSUPPORT", "Protocol family not supported");
        row(EAFNOSUPPORT, "EAFNOSUPPORT", "Address family not supported by protocol");
        row(EADDRINUSE, "EADDRINUSE", "Address already in use");
        row(EADDRNOTAVAIL, "EADDRNOTAVAIL", "Cannot assign requested address");
        row(ENETDOWN, "ENETDOWN", "Network is down");
        row(ENETUNREACH, "ENETUNREACH", "Network is unreachable");
        row(ENETRESET, "ENETRESET", "Network dropped connection on reset");
        row(ECONNABORTED, "ECONNABORTED", "Software caused connection abort");
        row(ECONNRESET, "ECONNRESET", "Connection reset by peer");
        row(ENOBUFS, "ENOBUFS", "No buffer space available");
        row(EISCONN, "EISCONN", "Transport endpoint is already connected");
        row(ENOTCONN, "ENOTCONN", "Transport endpoint is not connected");
        row(ESHUTDOWN, "ESHUTDOWN", "Cannot send after transport endpoint shutdown");
        row(ETOOMANYREFS, "ETOOMANYREFS", "Too many references: cannot splice");
        row(ETIMEDOUT, "ETIMEDOUT", "Connection timed out");
        row(ECONNREFUSED, "ECONNREFUSED", "Connection refused");
        row(EHOSTDOWN, "EHOSTDOWN", "Host is down");
        row(EHOSTUNREACH, "EHOSTUNREACH", "No route to host");
        row(EALREADY, "EALREADY", "Operation already in progress");
        row(EINPROGRESS, "EINPROGRESS", "Operation now in progress");
        row(ESTALE, "ESTALE", "Stale file handle");
        row(EUCLEAN, "EUCLEAN", "Structure needs cleaning");
        row(ENOTNAM, "ENOTNAM", "Not a XENIX named type file");
        row(ENAVAIL, "ENAVAIL", "No XENIX semaphores available");
        row(EISNAM, "EISNAM", "Is a named type file");
        row(EREMOTEIO, "EREMOTEIO", "Remote I/O error");
        row(EDQUOT, "EDQUOT", "Disk quota exceeded");
        row(ENOMEDIUM, "ENOMEDIUM", "No medium found");
        row(EMEDIUMTYPE, "EMEDIUMTYPE", "Wrong medium type");
        row(ECANCELED, "ECANCELED", "Operation canceled");
        row(ENOKEY, "ENOKEY", "Required key not available");
        row(EKEYEXPIRED, "EKEYEXPIRED", "Key has expired");
        row(EKEYREVOKED, "EKEYREVOKED", "Key has been revoked");
        row(EKEYREJECTED, "EKEYREJECTED", "Key was rejected by service");
        row(EOWNERDEAD, "EOWNERDEAD", "Owner died");
        row(ENOTRECOVERABLE, "ENOTRECOVERABLE", "State not recoverable");
        row(ERFKILL, "ERFKILL", "Operation not possible due to RF-kill");
        row(EHWPOISON, "EHWPOISON", "Memory page has hardware error");
        row(ERESTARTSYS, "ERESTARTSYS", "Unknown error " + ERESTARTSYS);
        row(ERESTARTNOINTR, "ERESTARTNOINTR", "Unknown error " + ERESTARTNOINTR);
        row(ERESTARTNOHAND, "ERESTARTNOHAND", "Unknown error " + ERESTARTNOHAND);
        row(ENOIOCTLCMD, "ENOIOCTLCMD", "Unknown error " + ENOIOCTLCMD);
        row(
                ERESTART_RESTARTBLOCK,
                "ERESTART_RESTARTBLOCK",
                "Unknown error " + ERESTART_RESTARTBLOCK);
        row(ENOTSUPP, "ENOTSUPP", "Unknown error " + ENOTSUPP);
    }

    private ErrnoTexts() {}

    private static void row(int errno, String name, String message) {
        NAMES[errno] = name;
        MESSAGES[errno] = message;
    }

    static @Nullable String name(int errno) {
        return errno >= 0 && errno < NAMES.length ? NAMES[errno] : null;
    }

    static @Nullable String message(int errno) {
        return errno >= 0 && errno < MESSAGES.length ? MESSAGES[errno] : null;
    }

    static int number(String name) {
        for (int e = 1; e < NAMES.length; e++) {
            if (name.equals(NAMES[e])) {
                return e;
            }
        }
        return -1;
    }
}
