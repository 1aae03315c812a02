package dev.linnet.fs;

/// Who is to hear of a file's events by signal (`struct fown_struct`). There are no signals here, so it
/// is only remembered (D-004).
///
/// @param type `F_OWNER_TID`, `F_OWNER_PID` or `F_OWNER_PGRP`
/// @param pid the thread, process or group; 0 for nobody
/// @param uid real user of who set it
/// @param signal `F_SETSIG`; 0 is `SIGIO`
public record FOwner(int type, int pid, int uid, int signal) {
    /// What a file has at first.
    public static final FOwner NOBODY = new FOwner(0, 0, 0, 0);
}
