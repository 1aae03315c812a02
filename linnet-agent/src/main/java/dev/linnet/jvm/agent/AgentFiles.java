package dev.linnet.jvm.agent;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Reads files of `linnet.jar` without the JDK's URLs, whose classes take long to load.
final class AgentFiles implements AutoCloseable {
    private final ZipFile jar;

    AgentFiles() throws IOException {
        String path =
                AgentFiles.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        jar = new ZipFile(new File(path));
    }

    /// The bytes of an entry.
    ///
    /// @throws IOException if there is none of that name
    byte[] read(String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        if (entry == null) {
            throw new IOException("linnet.jar has no " + name);
        }
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    boolean has(String name) {
        return jar.getEntry(name) != null;
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
