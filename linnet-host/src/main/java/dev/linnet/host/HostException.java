package dev.linnet.host;

import java.io.IOException;

/// The host kernel refused something. The message says what, why and, where it is known, what to
/// do.
public final class HostException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    HostException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /// The kernel's errno, positive.
    public int errno() {
        return errno;
    }

    /// The exception for a failed call.
    ///
    /// @param what what was attempted, to begin the message with
    /// @param result the call's negative result
    static HostException of(String what, long result) {
        return of(what, result, "");
    }

    /// As [#of(String, long)], ending with advice.
    static HostException of(String what, long result, String advice) {
        int errno = (int) -result;
        String message = what + ": " + HostErrno.name(errno) + " (" + HostErrno.text(errno) + ")";
        return new HostException(errno, advice.isEmpty() ? message : message + "; " + advice);
    }

    /// Passes a result through when it is not an error.
    static int check(String what, long result) throws HostException {
        if (result < 0) {
            throw of(what, result);
        }
        return (int) result;
    }
}
