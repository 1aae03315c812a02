package dev.linnet.fs;

import dev.linnet.kernel.Kernel;

/// Takes the entries of a directory one by one (`struct dir_context`).
@Kernel("dir_context")
public abstract class DirContext {
    /// Where to go on; the meaning is the directory's, 0 is the beginning.
    public long pos;

    /// Takes an entry; false if it does not fit, and the listing ends before it.
    ///
    /// @param next what `pos` is behind this entry
    /// @param kind `S_IF*`, or 0 if it is not known
    public abstract boolean emit(String name, long ino, int kind, long next);
}
