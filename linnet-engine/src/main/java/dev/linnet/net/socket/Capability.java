package dev.linnet.net.socket;

import dev.linnet.fs.CurrentTask;
import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.sock.Sock;

/// Who may do what. Linnet's processes are root in their namespace unless a task was given another
/// user id.
public final class Capability {
    private Capability() {}

    /// May the process that makes the call bind ports below `net.ipv4.ip_unprivileged_port_start`
    /// (`CAP_NET_BIND_SERVICE`); who made the socket does not matter.
    @Kernel("ns_capable")
    public static boolean netBindService() {
        return CurrentTask.currentUcred().uid() == 0;
    }

    /// May use options that change how others are reached (`CAP_NET_ADMIN`).
    public static boolean netAdmin(Sock sk) {
        return sk.uid == 0;
    }
}
