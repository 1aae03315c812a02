package dev.linnet.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;

/// Puts what tests publish into one directory.
record OutputIn(Path directory) implements OutputDirectoryCreator {
    @Override
    public Path getRootDirectory() {
        return directory;
    }

    @Override
    public Path createOutputDirectory(TestDescriptor test) throws IOException {
        return Files.createDirectories(directory);
    }
}
