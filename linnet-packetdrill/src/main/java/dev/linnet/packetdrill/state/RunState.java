package dev.linnet.packetdrill.state;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.target.Target;
import java.nio.file.Path;

/// All that one run has: its options, its kernel, and what it remembers.
///
/// @param directory where the script is; its commands run there
public record RunState(
        Config config,
        Path directory,
        Target target,
        Timeline timeline,
        Descriptors descriptors,
        Trace trace) {
    /// The state of a run that is about to begin.
    public static RunState of(Config config, Path directory, Target target, Trace trace) {
        return new RunState(
                config, directory, target, new Timeline(config, target), new Descriptors(), trace);
    }
}
