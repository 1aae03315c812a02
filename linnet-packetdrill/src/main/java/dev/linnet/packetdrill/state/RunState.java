package dev.linnet.packetdrill.state;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.target.Target;

/// All that one run has: its options, its kernel, and what it remembers.
public record RunState(
        Config config, Target target, Timeline timeline, Descriptors descriptors, Trace trace) {
    /// The state of a run that is about to begin.
    public static RunState of(Config config, Target target, Trace trace) {
        return new RunState(config, target, new Timeline(config, target), new Descriptors(), trace);
    }
}
