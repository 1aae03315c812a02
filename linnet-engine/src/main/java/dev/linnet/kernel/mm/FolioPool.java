package dev.linnet.kernel.mm;

/// The memory of the page cache: folios of one page or of eight. The other sizes are those of every pool, for the
/// pipes of FIFOs.
public final class FolioPool extends PagePool {
    /// In place of the size for headers of packets, which files have no use for.
    static final int ORDER_0 = HEAD;

    static final int ORDER_3 = FRAG;

    private static final int[] SIZE = {
        AddressSpace.PAGE_SIZE, sizeOf(MTU), 8 * AddressSpace.PAGE_SIZE, sizeOf(JUMBO)
    };
    private static final int[] KEEP = {512, 16, 256, 8};

    public FolioPool() {
        super(SIZE, KEEP);
    }
}
