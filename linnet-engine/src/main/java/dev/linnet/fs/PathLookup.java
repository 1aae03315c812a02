package dev.linnet.fs;

import org.jspecify.annotations.Nullable;

/// Files that a process opens by name instead of those in its tree, for tools that bring their own.
@FunctionalInterface
public interface PathLookup {
    /// Opens a file for reading.
    ///
    /// @param path absolute, or relative to the process's directory
    /// @param result `-errno` in `result[0]` when null is returned
    @Nullable File open(String path, int[] result);
}
