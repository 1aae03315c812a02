package dev.linnet.syscall;

import dev.linnet.fs.CurrentTask;
import dev.linnet.fs.FileDescriptorTable;
import dev.linnet.fs.FsStruct;
import dev.linnet.fs.PathLookup;
import dev.linnet.fs.Pipe;
import dev.linnet.kernel.Cred;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.NetNamespace;
import dev.linnet.uapi.Resource;
import dev.linnet.uapi.Ucred;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A process as the calls see it (`struct task_struct`): its descriptors, its network, its user.
/// Any number of threads may make calls for it at once.
public final class TaskStruct extends CurrentTask {
    public final NetNamespace net;

    /// Descriptors; another table after a close_range or an exec that ends the sharing.
    public volatile FileDescriptorTable files;

    public final String comm;
    public final int pid;

    /// Where the process is in the tree of files.
    public final FsStruct fs;

    /// What the process may use.
    public final Rlimits rlimits;

    /// The processes of the host, this one among them until it ends.
    public final TaskTable tasks;

    /// Files that are opened instead of those in the tree, or null.
    public volatile @Nullable PathLookup paths;

    /// The pipe that `sendfile` goes through, while nobody uses it (`splice_pipe`).
    private final AtomicReference<@Nullable Pipe> splicePipe = new AtomicReference<>();

    /// What is to be done first when the process ends: it sends away the threads that wait in its calls, which Linux
    /// would kill.
    public final Set<Runnable> exitWork = ConcurrentHashMap.newKeySet();

    /// Effective user; 0 may do everything.
    public volatile int uid;

    private volatile Ucred ucred = Ucred.NONE;

    /// The first process of a kind: limits as they are at first, no descriptors.
    public TaskStruct(
            NetNamespace net, TaskTable tasks, FsStruct fs, String comm, int pid, int uid) {
        this(net, tasks, new Rlimits(), fs, comm, pid, uid, Rlimits.newTable(net.files));
    }

    private TaskStruct(
            NetNamespace net,
            TaskTable tasks,
            Rlimits rlimits,
            FsStruct fs,
            String comm,
            int pid,
            int uid,
            FileDescriptorTable files) {
        this.net = net;
        this.tasks = tasks;
        this.rlimits = rlimits;
        this.fs = fs;
        this.comm = comm;
        this.pid = pid;
        this.uid = uid;
        this.files = files;
        tasks.add(this);
    }

    /// A child process.
    ///
    /// @param shareFiles whether it has the same table of descriptors (`CLONE_FILES`) or a copy
    @Kernel({"kernel_clone", "copy_files"})
    public TaskStruct fork(String name, int childPid, boolean shareFiles) {
        FileDescriptorTable table = shareFiles ? files.share() : files.fork();
        return new TaskStruct(net, tasks, rlimits.copy(), fs.fork(), name, childPid, uid, table);
    }

    /// Gives the process a table of descriptors of its own, a copy, if it shares one.
    @Kernel("unshare_files")
    public void unshareFiles() {
        FileDescriptorTable shared = files;
        if (shared.isShared()) {
            files = shared.fork();
            shared.exit();
        }
    }

    /// Another program starts in the process: descriptors marked close-on-exec are closed.
    @Kernel("begin_new_exec")
    public void exec() {
        unshareFiles();
        files.exec();
    }

    /// The process ends: its descriptors are closed, unless another process shares them.
    @Kernel("do_exit")
    public void exit() {
        if (tasks.remove(this)) {
            exitWork.forEach(Runnable::run);
            files.exit();
            tellExit();
        }
    }

    /// Changes the user.
    public void setUid(int newUid) {
        uid = newUid;
        files.setPrivileged(newUid == 0);
    }

    /// A pipe for `sendfile`, which nobody else has until it is given back.
    Pipe takeSplicePipe() {
        Pipe pipe = splicePipe.getAndSet(null);
        if (pipe == null) {
            pipe = new Pipe(net.pool, net.scheduler);
            pipe.opened(true, true);
        }
        return pipe;
    }

    void giveSplicePipe(Pipe pipe) {
        splicePipe.set(pipe);
    }

    @Override
    public long fileSizeLimit() {
        long soft = rlimits.get(Resource.RLIMIT_FSIZE).cur();
        return soft < 0 ? Long.MAX_VALUE : soft;
    }

    /// Who the process is. Its one group has the number of its user.
    @Override
    public Cred cred() {
        return new Cred(uid, uid);
    }

    @Override
    public FileDescriptorTable files() {
        return files;
    }

    @Override
    public Ucred ucred() {
        Ucred known = ucred;
        if (known.uid() != uid) {
            known = new Ucred(pid, uid, uid);
            ucred = known;
        }
        return known;
    }

    @Override
    public @Nullable CurrentTask find(int number) {
        return tasks.find(number);
    }

    @Override
    public FsStruct fs() {
        return fs;
    }
}
