package dev.linnet.fs;

/// The part of `struct stat` that Linnet's files have.
///
/// @param mode `S_IF*` and permission bits
/// @param ino inode number
/// @param size in bytes
public record FileStat(int mode, long ino, long size) {
    public static final int S_IFSOCK = 0140000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFIFO = 0010000;
    public static final int S_IFMT = 0170000;
}
