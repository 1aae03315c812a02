package dev.linnet.kernel.mm;

/// Pages that a send takes over by reference (`MSG_SPLICE_PAGES`): page-cache pages of `sendfile`
/// and `splice`. The bytes are not copied; whoever takes a piece holds a reference to its page.
public abstract class PageSource {
    /// Bytes that are left.
    public abstract long remaining();

    /// The next contiguous piece, at most `max` bytes: fills `out`, whose page carries a reference
    /// for the caller; false when the source has ended.
    public abstract boolean next(int max, PageFrag out);
}
