package dev.linnet.packetdrill.host;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.target.Target;
import dev.linnet.packetdrill.target.TargetException;
import dev.linnet.packetdrill.target.TargetFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Makes targets on the kernel of this machine.
public final class HostTargets implements TargetFactory {
    private static final Path AVAILABLE =
            Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control");
    private static final Path ALLOWED =
            Path.of("/proc/sys/net/ipv4/tcp_allowed_congestion_control");

    /// What scripts choose: a namespace may choose only what the first one allows.
    private static final String WANTED = "cubic";

    /// Checks that this machine can do it, and allows cubic to namespaces if the kernel has it and
    /// does not allow it.
    ///
    /// @throws TargetException if it cannot
    public HostTargets() {
        String arch = System.getProperty("os.arch");
        if (!System.getProperty("os.name").equals("Linux") || !arch.equals("amd64")) {
            throw new TargetException("the target host needs Linux on x86-64, not " + arch);
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            throw new TargetException("this host has no /dev/net/tun: load the module 'tun'");
        }
        allowWanted();
        WarmUp.run();
    }

    private static void allowWanted() {
        try {
            List<String> allowed = words(ALLOWED);
            if (words(AVAILABLE).contains(WANTED) && !allowed.contains(WANTED)) {
                Files.writeString(ALLOWED, String.join(" ", allowed) + " " + WANTED);
            }
        } catch (IOException e) {
            throw new TargetException(
                    "cannot allow the congestion control "
                            + WANTED
                            + " (root is needed): "
                            + e.getMessage(),
                    e);
        }
    }

    private static List<String> words(Path file) throws IOException {
        return Arrays.asList(Files.readString(file).strip().split("\\s+"));
    }

    @Override
    public String name() {
        return "host";
    }

    @Override
    public Target open(Config config, Path directory) {
        return new HostTarget(config, directory);
    }
}
