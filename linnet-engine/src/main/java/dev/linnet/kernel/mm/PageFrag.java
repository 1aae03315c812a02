package dev.linnet.kernel.mm;

/// A place in a page: the result of [PagePool#reserve], reused by its owner.
public final class PageFrag {
    public Page page = Page.NONE;
    public int offset;
    public int length;

    public void set(Page page, int offset, int length) {
        this.page = page;
        this.offset = offset;
        this.length = length;
    }
}
