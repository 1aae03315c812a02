package dev.linnet.syscall;

import dev.linnet.fs.FileDescriptorTable;
import dev.linnet.fs.HostFile;
import dev.linnet.fs.PathLookup;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.net.socket.Cred;

/// A process as the calls see it (`struct task_struct`): its descriptors, its network, its user.
/// Any number of threads may make calls for it at once.
public final class TaskStruct {
    public final NetNamespace net;
    public final FileDescriptorTable files;
    public final String comm;
    public final int pid;

    /// What `open` finds under a name.
    public volatile PathLookup paths;

    /// Effective user; 0 may do everything.
    public volatile int uid;

    public TaskStruct(NetNamespace net, FileDescriptorTable files, String comm, int pid, int uid) {
        this.net = net;
        this.files = files;
        this.comm = comm;
        this.pid = pid;
        this.uid = uid;
        this.paths = (path, result) -> HostFile.open(path, net.pool, result);
    }

    /// Who the process is. Its one group has the number of its user.
    public Cred cred() {
        return new Cred(uid, uid);
    }
}
