package dev.linnet.jvm.nio;

import dev.linnet.jvm.SocketErrors;
import dev.linnet.jvm.SocketFd;
import dev.linnet.jvm.SocketOptionTable;
import dev.linnet.stack.Task;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SockAddrUn;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// UNIX-domain sockets: the stack's own, with a file of the machine for each path.
///
/// A program expects to see the path that it bound, and to be able to delete it; its files are the machine's, its
/// sockets are the stack's. So `bind` makes an empty file there, and a connection is made only where there is one;
/// which socket has the path is the stack's affair.
final class UnixFamily extends ChannelFamily {
    static final UnixFamily INSTANCE = new UnixFamily();

    private static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");
    private static final int NAME_TRIES = 10;
    private static final int DIRECTORY_MODE = 0777;

    private UnixFamily() {}

    @Override
    int af() {
        return Af.AF_UNIX;
    }

    @Override
    SocketAddress checkRemote(@Nullable SocketAddress remote) {
        return check(Objects.requireNonNull(remote));
    }

    private static UnixDomainSocketAddress check(SocketAddress address) {
        if (!(address instanceof UnixDomainSocketAddress unix)) {
            throw new UnsupportedAddressTypeException();
        }
        return unix;
    }

    @Override
    int connect(SocketFd fd, SocketAddress remote) {
        Path path = ((UnixDomainSocketAddress) remote).getPath();
        SockAddrUn name = SockAddrUn.path(path.toAbsolutePath().toString());
        if (path.toString().isEmpty()) {
            return -Errno.ECONNREFUSED; // nobody can have no name
        }
        if (!Files.exists(path)) {
            return -Errno.ENOENT;
        }
        int err = fd.task().connect(fd.fd(), name);
        return err == -Errno.ENOENT ? -Errno.ECONNREFUSED : err; // a file, but nobody's socket
    }

    @Override
    SocketAddress bind(SocketFd fd, @Nullable SocketAddress local) throws IOException {
        if (local == null || check(local).getPath().toString().isEmpty()) {
            return UNNAMED;
        }
        return bindPath(fd, check(local).getPath());
    }

    @Override
    SocketAddress bindListener(SocketFd fd, @Nullable SocketAddress local) throws IOException {
        if (local == null) {
            return bindTemporary(fd);
        }
        Path path = check(local).getPath();
        if (path.toString().isEmpty()) {
            throw new BindException("Server socket cannot bind to unnamed address");
        }
        return bindPath(fd, path);
    }

    private static SocketAddress bindTemporary(SocketFd fd) throws IOException {
        Path dir = Path.of(System.getProperty("java.io.tmpdir"));
        SplittableRandom random = new SplittableRandom(System.identityHashCode(fd));
        for (int i = 0; i < NAME_TRIES; i++) {
            try {
                return bindPath(fd, dir.resolve("socket_" + random.nextInt(Integer.MAX_VALUE)));
            } catch (BindException e) {
                continue; // taken: another name
            }
        }
        throw new BindException("Could not bind to temporary name");
    }

    private static SocketAddress bindPath(SocketFd fd, Path path) throws IOException {
        String absolute = path.toAbsolutePath().toString();
        if (absolute.getBytes(StandardCharsets.UTF_8).length >= SockAddrUn.PATH_MAX) {
            throw new SocketException("Unix domain path too long");
        }
        createFile(path);
        Task task = fd.task();
        makeDirectories(task, absolute);
        task.unlink(absolute); // of a socket whose file is gone
        int err = fd.quick(() -> task.bind(fd.fd(), SockAddrUn.path(absolute)));
        if (err < 0) {
            Files.deleteIfExists(path);
            throw SocketErrors.of(err);
        }
        return UnixDomainSocketAddress.of(path);
    }

    private static void createFile(Path path) throws IOException {
        try {
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            throw SocketErrors.of(Errno.EADDRINUSE);
        } catch (AccessDeniedException e) {
            throw SocketErrors.of(Errno.EACCES);
        } catch (FileSystemException e) {
            throw SocketErrors.of(underFile(path) ? Errno.ENOTDIR : Errno.ENOENT);
        }
    }

    /// Whether something above a path is there and no directory.
    private static boolean underFile(Path path) {
        Path above = path.toAbsolutePath().getParent();
        while (above != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above != null && !Files.isDirectory(above);
    }

    /// The directories above a path, in the stack's own tree.
    private static void makeDirectories(Task task, String path) {
        for (int i = path.indexOf('/', 1); i > 0; i = path.indexOf('/', i + 1)) {
            task.mkdir(path.substring(0, i), DIRECTORY_MODE); // or it is there
        }
    }

    @Override
    SocketAddress fromStack(@Nullable SockAddr address) {
        return address instanceof SockAddrUn unix && !unix.name().isEmpty()
                ? UnixDomainSocketAddress.of(unix.toString())
                : UNNAMED;
    }

    @Override
    Set<SocketOption<?>> streamOptions() {
        return SocketOptionTable.unixStream();
    }

    @Override
    Set<SocketOption<?>> listenerOptions() {
        return SocketOptionTable.unixListener();
    }
}
