package dev.linnet.kernel;

/// Who makes a call (`struct cred`).
///
/// @param uid effective user; 0 may do everything
/// @param gid effective group
@Kernel("cred")
public record Cred(int uid, int gid) {
    /// True if he has every capability.
    public boolean privileged() {
        return uid == 0;
    }
}
