package dev.linnet.syscall;

import dev.linnet.fs.FileDescriptorTable;
import dev.linnet.fs.FsStruct;
import dev.linnet.fs.PathLookup;
import dev.linnet.kernel.Cred;
import dev.linnet.net.core.NetNamespace;
import org.jspecify.annotations.Nullable;

/// A process as the calls see it (`struct task_struct`): its descriptors, its network, its user.
/// Any number of threads may make calls for it at once.
public final class TaskStruct {
    public final NetNamespace net;
    public final FileDescriptorTable files;
    public final String comm;
    public final int pid;

    /// Where the process is in the tree of files.
    public final FsStruct fs;

    /// Files that are opened instead of those in the tree, or null.
    public volatile @Nullable PathLookup paths;

    /// Effective user; 0 may do everything.
    public volatile int uid;

    public TaskStruct(
            NetNamespace net,
            FileDescriptorTable files,
            FsStruct fs,
            String comm,
            int pid,
            int uid) {
        this.net = net;
        this.files = files;
        this.fs = fs;
        this.comm = comm;
        this.pid = pid;
        this.uid = uid;
    }

    /// Who the process is. Its one group has the number of its user.
    public Cred cred() {
        return new Cred(uid, uid);
    }
}
