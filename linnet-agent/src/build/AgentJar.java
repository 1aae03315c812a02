import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Makes `linnet.jar`: everything that a program needs to run on Linnet, in one file.
///
/// Arguments: the file to make, then class directories and jars of Linnet's modules. Files of the same name under
/// `META-INF/services` are joined; any other that comes twice is an error. Entries are not compressed (the JVM starts
/// faster) and have no date, so that the same input gives the same bytes. Run by the build and by tests, as a source file.
final class AgentJar {
    private static final Map<String, byte[]> ENTRIES = new TreeMap<>();

    private AgentJar() {}

    public static void main(String[] args) throws IOException {
        for (int i = 1; i < args.length; i++) {
            Path input = Path.of(args[i]);
            if (Files.isDirectory(input)) {
                addTree(input);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(input)) {
                    addTree(jar.getPath("/"));
                }
            }
        }
        Path out = Path.of(args[0]).toAbsolutePath();
        Files.createDirectories(out.getParent());
        Path fresh = out.resolveSibling("linnet-" + ProcessHandle.current().pid() + ".new");
        write(fresh);
        Files.move(fresh, out, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void addTree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> add(root, file));
        }
    }

    private static void add(Path root, Path file) {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (name.equals("module-info.class")
                || name.equals(JarFile.MANIFEST_NAME)
                || name.startsWith("META-INF/maven/")) {
            return;
        }
        try {
            byte[] content = Files.readAllBytes(file);
            byte[] before = ENTRIES.put(name, content);
            if (before != null) {
                if (!name.startsWith("META-INF/services/")) {
                    throw new IOException(name + " comes twice, the second time from " + root);
                }
                ENTRIES.put(name, joined(before, content));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] joined(byte[] a, byte[] b) throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(a);
        both.write('\n');
        both.write(b);
        return both.toByteArray();
    }

    private static void write(Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, JarFile.MANIFEST_NAME, manifest());
            for (Map.Entry<String, byte[]> entry : ENTRIES.entrySet()) {
                put(zip, entry.getKey(), entry.getValue());
            }
        }
    }

    private static byte[] manifest() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Name.MANIFEST_VERSION, "1.0");
        main.putValue("Premain-Class", "dev.linnet.jvm.agent.Agent");
        main.putValue("Agent-Class", "dev.linnet.jvm.agent.Agent");
        main.putValue("Can-Retransform-Classes", "true");
        main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(315_532_800_000L); // 1980, the earliest that a zip file can say
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        new ByteArrayInputStream(content).transferTo(zip);
        zip.closeEntry();
    }
}
