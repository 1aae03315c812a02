package dev.linnet.fs.proc;

import dev.linnet.fs.MntNamespace;
import dev.linnet.fs.SuperBlock;
import dev.linnet.kernel.Kernel;

/// The file system of `/proc`.
@Kernel("proc_fill_super")
public final class ProcFs extends SuperBlock {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;

    /// @param top what is in `/proc` itself
    public ProcFs(MntNamespace ns, ProcNode.Dir top) {
        super(ns, "proc", PROC_SUPER_MAGIC);
        makeRoot(new ProcInode(this, top));
    }
}
