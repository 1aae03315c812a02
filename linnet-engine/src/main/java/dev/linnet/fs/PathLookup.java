package dev.linnet.fs;

import org.jspecify.annotations.Nullable;

/// The files that a process can open by name (`struct fs_struct`). By default they are those of the
/// machine, see [HostFile].
@FunctionalInterface
public interface PathLookup {
    /// Opens a file for reading.
    ///
    /// @param path absolute, or relative to the process's directory
    /// @param result `-errno` in `result[0]` when null is returned
    @Nullable File open(String path, int[] result);
}
