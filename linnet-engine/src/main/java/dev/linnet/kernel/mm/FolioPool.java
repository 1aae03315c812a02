package dev.linnet.kernel.mm;

/// The memory of the page cache: folios of one page or of eight.
public final class FolioPool extends PagePool {
    static final int ORDER_0 = 0;
    static final int ORDER_3 = 1;

    private static final int[] SIZE = {AddressSpace.PAGE_SIZE, 8 * AddressSpace.PAGE_SIZE};
    private static final int[] KEEP = {512, 256};

    public FolioPool() {
        super(SIZE, KEEP);
    }
}
