package dev.linnet.packetdrill.shell;

import java.util.Optional;

/// The files that commands see.
public interface ShellFiles {
    /// The content of a file, or nothing if there is none.
    Optional<String> read(String path);

    /// Writes a file; a message if that is not possible.
    Optional<String> write(String path, String content, boolean append);

    /// Removes a file; false if there was none.
    boolean remove(String path);
}
