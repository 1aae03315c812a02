package dev.linnet.packetdrill.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// A symbolic link that a checkout or an archive has turned into a small file with the name of its
/// target, as git does where links cannot be made (`core.symlinks=false`). Script collections have
/// such links to their `defaults.sh`.
public final class LinkPlaceholder {
    private static final long MAX_NAME_BYTES = 4096;

    private LinkPlaceholder() {}

    /// The file that `file` stands for, if it is a placeholder: its whole content is the relative
    /// name of another file that exists.
    public static Optional<Path> target(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_NAME_BYTES) {
                return Optional.empty();
            }
            String name = Files.readString(file);
            if (name.isEmpty() || name.indexOf('\n') >= 0 || name.startsWith("/")) {
                return Optional.empty();
            }
            Path target = file.resolveSibling(name).normalize();
            boolean isLink = Files.isRegularFile(target) && !Files.isSameFile(target, file);
            return isLink ? Optional.of(target) : Optional.empty();
        } catch (IOException | InvalidPathException _) {
            return Optional.empty();
        }
    }
}
