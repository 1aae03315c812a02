package dev.linnet.fs;

import dev.linnet.kernel.mm.PageFrag;

/// Gives a file's content as pages that others may keep (page cache, `splice_read`).
public abstract class PageReader {
    /// Finds the bytes at `pos`, at most `max` of them and contiguous. The page comes with a
    /// reference for the caller.
    ///
    /// @param out filled with the page and the place in it
    /// @return bytes in `out`, 0 at the end of the file, or `-errno`
    public abstract int read(long pos, int max, PageFrag out);
}
