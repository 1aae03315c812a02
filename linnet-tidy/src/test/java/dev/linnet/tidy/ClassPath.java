package dev.linnet.tidy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Linnet's own class files, wherever the class path has them: in directories or in jars.
final class ClassPath {
    private ClassPath() {}

    /// Passes each class file of a package below `dev.linnet` to `reader`, tests excepted.
    static void linnetClasses(Consumer<byte[]> reader) {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                read(path.resolve("dev/linnet"), reader);
            } else if (path.getFileName().toString().startsWith("linnet-")) {
                readJar(path, reader);
            }
        }
    }

    private static void readJar(Path jar, Consumer<byte[]> reader) {
        try (FileSystem files =
                FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            read(files.getPath("dev/linnet"), reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Path dir, Consumer<byte[]> reader) {
        if (!Files.isDirectory(dir)) {
            return;
        }
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                reader.accept(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
