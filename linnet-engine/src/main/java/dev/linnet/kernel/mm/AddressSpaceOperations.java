package dev.linnet.kernel.mm;

import dev.linnet.kernel.Kernel;

/// Where the pages of a file come from (`struct address_space_operations`).
@Kernel("address_space_operations")
public abstract class AddressSpaceOperations {
    /// Fills a folio, zeros behind the end of the file; 0 or `-EIO`. The folio is locked.
    public abstract int readFolio(Folio folio);

    /// Writes a folio to where the file is kept, as far as the file goes; 0 or `-EIO`. The folio is locked.
    public int writeFolio(Folio folio) {
        return 0;
    }

    /// A page is about to be added: 0, or `-ENOSPC` when there is no room for it.
    public int charge(int pages) {
        return 0;
    }

    /// Pages have gone.
    public void uncharge(int pages) {}

    /// True if what was never written is not read from anywhere: it is zeros (`shmem`).
    public abstract boolean holes();
}
