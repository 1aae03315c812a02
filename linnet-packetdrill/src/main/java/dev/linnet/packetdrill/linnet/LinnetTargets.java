package dev.linnet.packetdrill.linnet;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.target.Target;
import dev.linnet.packetdrill.target.TargetFactory;
import java.nio.file.Path;

/// Makes targets on the stack in this process.
public final class LinnetTargets implements TargetFactory {
    @Override
    public String name() {
        return "linnet";
    }

    @Override
    public Target open(Config config, Path directory) {
        return new LinnetTarget(config, directory);
    }
}
