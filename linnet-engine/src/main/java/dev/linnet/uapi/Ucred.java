package dev.linnet.uapi;

/// Who sent a message or stands at the other end (`struct ucred`).
///
/// @param pid process, 0 if it is not known
/// @param uid effective user
/// @param gid effective group
public record Ucred(int pid, int uid, int gid) {
    /// Size of the C structure.
    public static final int SIZE = 12;

    /// Nobody in particular, as a socket without a peer says.
    public static final Ucred NONE = new Ucred(0, -1, -1);

    /// The kernel itself.
    public static final Ucred KERNEL = new Ucred(0, 0, 0);

    /// Writes the C structure.
    public void encode(byte[] buf, int off) {
        Abi.putInt(buf, off, pid);
        Abi.putInt(buf, off + 4, uid);
        Abi.putInt(buf, off + 8, gid);
    }

    /// Reads the C structure.
    public static Ucred read(byte[] buf, int off) {
        return new Ucred(Abi.getInt(buf, off), Abi.getInt(buf, off + 4), Abi.getInt(buf, off + 8));
    }
}
