package dev.linnet.fs.proc;

import dev.linnet.fs.VfsPath;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Stat;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Something in `/proc` (`struct proc_dir_entry`). Thread-safe; asked anew at each look, so what it
/// stands for may come and go.
public sealed interface ProcNode {
    /// `S_IF*` and permission bits.
    int mode();

    /// Whose it is.
    default int uid() {
        return 0;
    }

    /// A directory.
    sealed interface Dir extends ProcNode permits KnobDir, OpenDir {
        @Override
        default int mode() {
            return Stat.S_IFDIR | 0555;
        }

        /// What has a name, or null.
        @Nullable ProcNode find(String name);

        /// The names that a listing shows, in its order.
        List<String> names();
    }

    /// Any other directory.
    non-sealed interface OpenDir extends Dir {}

    /// A directory of knobs.
    non-sealed interface KnobDir extends Dir {}

    /// A file that is read: its content is made when reading begins (`single_open`, `seq_open`).
    record Text(int permissions, int uid, Supplier<String> content) implements ProcNode {
        /// A file of user 0 that everybody may read.
        public Text(Supplier<String> content) {
            this(0444, 0, content);
        }

        @Override
        public int mode() {
            return Stat.S_IFREG | permissions;
        }
    }

    /// A knob (`struct ctl_table`): each write sets it.
    ///
    /// @param read the file's content, or null if it cannot be read: `EACCES`
    /// @param write takes the text of one write; 0 or `-errno`
    record Knob(int permissions, Supplier<@Nullable String> read, ToIntFunction<String> write)
            implements ProcNode {
        @Override
        public int mode() {
            return Stat.S_IFREG | permissions;
        }
    }

    /// A symbolic link.
    ///
    /// @param target what `readlink` gives
    /// @param jump where it leads if that is not the way by the name (`proc_get_link`); null if it is
    record Link(int permissions, int uid, Supplier<String> target, Supplier<@Nullable VfsPath> jump)
            implements ProcNode {
        /// An ordinary link.
        public Link(Supplier<String> target) {
            this(0777, 0, target, () -> null);
        }

        @Override
        public int mode() {
            return Stat.S_IFLNK | permissions;
        }
    }

    /// What a write to a node that takes none gives.
    int NOT_WRITABLE = -Errno.EIO;
}
