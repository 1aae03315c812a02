package dev.linnet.packetdrill.host;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.packetdrill.shell.LinkPlaceholder;
import dev.linnet.packetdrill.target.TargetException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/// Makes placeholders of symbolic links work as the files that they stand for, by mounting these
/// over them. Nobody else sees it: the mounts are in the thread's own mount namespace.
final class LinkMounts {
    private static final int MOUNT = 165;
    private static final int MS_BIND = 4096;
    private static final int MS_REC = 16384;
    private static final int MS_PRIVATE = 1 << 18;

    private final Path directory;
    private final Set<Path> mounted = new HashSet<>();

    /// The calling thread must be in a mount namespace of its own.
    LinkMounts(Path directory) {
        this.directory = directory;
        mount("none", "/", MS_REC | MS_PRIVATE);
    }

    /// Mounts what the words of a command line name.
    void mount(String commandLine) {
        for (String word : commandLine.split("\\s+")) {
            if (word.indexOf('/') > 0) {
                mountWord(word);
            }
        }
    }

    private void mountWord(String word) {
        try {
            Path file = directory.resolve(word).normalize();
            LinkPlaceholder.target(file)
                    .filter(_ -> mounted.add(file))
                    .ifPresent(target -> mount(target.toString(), file.toString(), MS_BIND));
        } catch (InvalidPathException _) {
            // Not a file name, so not a link.
        }
    }

    private static void mount(String source, String target, int flags) {
        try (NativeMemory memory = new NativeMemory()) {
            long result =
                    HostSyscalls.syscall(
                            MOUNT, memory.allocate(source), memory.allocate(target), 0, flags, 0);
            if (result < 0) {
                throw new TargetException(
                        "cannot mount " + source + " over " + target + ": errno " + -result);
            }
        }
    }
}
