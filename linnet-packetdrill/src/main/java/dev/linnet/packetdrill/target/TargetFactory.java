package dev.linnet.packetdrill.target;

import dev.linnet.packetdrill.Config;
import java.nio.file.Path;

/// Makes a fresh kernel for each run.
public interface TargetFactory {
    /// The name in options and reports: `host`, `linnet`.
    String name();

    /// Sets up a kernel for one run. The thread that calls is the one that runs the script.
    ///
    /// @param directory where the script's commands run
    /// @throws TargetException if that is not possible here
    Target open(Config config, Path directory);
}
