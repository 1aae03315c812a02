package dev.linnet.packetdrill.linnet;

import dev.linnet.fs.File;
import dev.linnet.fs.hostfs.HostFs;
import dev.linnet.fs.proc.ProcNode;
import dev.linnet.packetdrill.shell.LinkPlaceholder;
import dev.linnet.packetdrill.shell.ShellFiles;
import dev.linnet.proc.ProcNetDir;
import dev.linnet.stack.Host;
import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The files that a script's commands see: `/proc/sys` and `/proc/net` of the stack, the machine's
/// files below the script's directory for reading, and what the script itself wrote, in memory.
final class LinnetFiles implements ShellFiles {
    private static final String PROC_SYS = "/proc/sys/";

    private final Host host;
    private final Path directory;
    private final Map<String, String> written = new HashMap<>();

    LinnetFiles(Host host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    @Override
    public Optional<String> read(String path) {
        if (path.startsWith(PROC_SYS)) {
            return sysctl(path);
        }
        if (path.startsWith("/proc/net/")) {
            return procNet(path.substring("/proc/net/".length()));
        }
        String own = written.get(key(path));
        return own != null ? Optional.of(own) : machine(path);
    }

    private String key(String path) {
        return directory.resolve(path).normalize().toString();
    }

    private Optional<String> machine(String path) {
        Path file = directory.resolve(path).normalize();
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(LinkPlaceholder.target(file).orElse(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String sysctlName(String path) {
        return path.substring(PROC_SYS.length()).replace('/', '.');
    }

    private Optional<String> sysctl(String path) {
        String value = host.net().sysctl.read(sysctlName(path));
        return value == null ? Optional.empty() : Optional.of(value + "\n");
    }

    private Optional<String> procNet(String name) {
        ProcNode node = new ProcNetDir(host.net()).find(name);
        return node instanceof ProcNode.Text file
                ? Optional.of(file.content().get())
                : Optional.empty();
    }

    @Override
    public Optional<String> write(String path, String content, boolean append) {
        if (path.startsWith(PROC_SYS)) {
            int err = host.setSysctl(sysctlName(path), content.strip());
            return err < 0 ? Optional.of(path + ": " + Errno.name(-err)) : Optional.empty();
        }
        if (path.startsWith("/proc/")) {
            return Optional.of(path + ": cannot be written");
        }
        written.merge(key(path), content, (old, added) -> append ? old + added : added);
        return Optional.empty();
    }

    /// Opens a file for the script's own calls: one that its commands wrote, or the machine's.
    @Nullable File open(String path, int[] result) {
        String own = written.get(key(path));
        if (own == null) {
            return HostFs.open(host.mounts(), Path.of(key(path)), result);
        }
        try {
            Path copy = Files.createTempFile("packetdrill", null);
            try {
                Files.writeString(copy, own);
                return HostFs.open(host.mounts(), copy, result);
            } finally {
                Files.delete(copy); // the open file stays readable
            }
        } catch (IOException e) {
            result[0] = -Errno.EIO;
            return null;
        }
    }

    @Override
    public boolean remove(String path) {
        return written.remove(key(path)) != null;
    }
}
