package dev.linnet.jvm.net;

import dev.linnet.jvm.SocketFd;
import java.lang.ref.Cleaner;

/// Closes the descriptors of sockets that nobody can reach any more.
final class FdCleaner {
    private static final Cleaner CLEANER = Cleaner.create();

    private FdCleaner() {}

    /// What closes `fd`: the caller once, or else the garbage collector when `owner` is gone.
    static Cleaner.Cleanable register(Object owner, SocketFd fd) {
        return CLEANER.register(owner, fd::close);
    }
}
