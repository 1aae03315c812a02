package dev.linnet.net.socket;

import dev.linnet.kernel.Kernel;

/// Who asks for a socket (`struct cred`).
///
/// @param uid effective user; 0 may do everything
/// @param gid effective group
@Kernel("cred")
public record Cred(int uid, int gid) {
    /// True if he may open raw sockets (`CAP_NET_RAW`).
    public boolean privileged() {
        return uid == 0;
    }
}
