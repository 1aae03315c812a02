package dev.linnet.fs.hostfs;

import dev.linnet.uapi.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the machine says of a file, links not followed. Times are nanoseconds since 1970.
///
/// @param key tells files apart: two names with the same key are one file
record HostAttributes(
        Object key,
        long ino,
        int mode,
        int nlink,
        int uid,
        int gid,
        long rdev,
        long size,
        long atime,
        long mtime,
        long ctime) {
    private static final String UNIX =
            "unix:mode,ino,dev,rdev,nlink,uid,gid,size,lastAccessTime," + "lastModifiedTime,ctime";

    private record Key(long dev, long ino) {}

    static HostAttributes of(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return ofUnix(Files.readAttributes(path, UNIX, LinkOption.NOFOLLOW_LINKS));
        }
        return ofAny(path);
    }

    private static HostAttributes ofUnix(Map<String, Object> a) {
        return new HostAttributes(
                new Key(number(a, "dev"), number(a, "ino")),
                number(a, "ino"),
                (int) number(a, "mode"),
                (int) number(a, "nlink"),
                (int) number(a, "uid"),
                (int) number(a, "gid"),
                number(a, "rdev"),
                number(a, "size"),
                nanos(a.get("lastAccessTime")),
                nanos(a.get("lastModifiedTime")),
                nanos(a.get("ctime")));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : 0;
    }

    /// On a machine that does not know users and permissions in Linux's way.
    private static HostAttributes ofAny(Path path) throws IOException {
        BasicFileAttributes a =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Object key = a.fileKey();
        int mode = Stat.S_IFREG | 0644;
        if (a.isDirectory()) {
            mode = Stat.S_IFDIR | 0755;
        } else if (a.isSymbolicLink()) {
            mode = Stat.S_IFLNK | 0777;
        }
        return new HostAttributes(
                key == null ? path : key,
                Integer.toUnsignedLong((key == null ? path : key).hashCode()),
                mode,
                1,
                0,
                0,
                0,
                a.size(),
                nanos(a.lastAccessTime()),
                nanos(a.lastModifiedTime()),
                nanos(a.lastModifiedTime()));
    }

    private static long nanos(@Nullable Object time) {
        return time instanceof FileTime known ? known.to(TimeUnit.NANOSECONDS) : 0;
    }
}
