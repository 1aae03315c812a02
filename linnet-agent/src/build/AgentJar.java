import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Makes `linnet.jar`: everything that a program needs to run on Linnet, in one file.
///
/// Arguments: the file to make, a directory of sources that see the inside of the JDK, then class directories and jars
/// of Linnet's modules. Beside their classes the jar has what became of the JDK's classes that the agent rewrites, so
/// that this needs not be computed again where the same JDK runs. Files of the same name under `META-INF/services` are
/// joined; any other that comes twice is an error. Entries are not compressed (the JVM starts faster) and have no date,
/// so that the same input gives the same bytes. Run by the build and by tests, as a source file.
final class AgentJar {
    /// `Recorded.FILE`.
    private static final String RECORDED = "META-INF/linnet/rewritten";

    private static final Map<String, byte[]> ENTRIES = new TreeMap<>();

    private AgentJar() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path sources = Path.of(args[1]);
        for (int i = 2; i < args.length; i++) {
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
        Path work = Files.createTempDirectory(out.getParent(), "linnet-jar");
        try {
            Path recorder = work.resolve("linnet.jar");
            write(recorder, "Recorder");
            addTree(compile(sources, recorder, work.resolve("internal")));
            write(recorder, "Recorder");
            ENTRIES.put(RECORDED, record(recorder, work.resolve("recorded")));
            Path whole = work.resolve("whole.jar");
            write(whole, "Agent");
            Files.move(whole, out, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            delete(work);
        }
    }

    /// Compiles what calls into packages that are not exported.
    private static Path compile(Path sources, Path jar, Path classes) throws IOException {
        List<String> args = new ArrayList<>(List.of("-d", classes.toString(), "-proc:none"));
        args.addAll(List.of("-classpath", jar.toString(), "-implicit:none"));
        for (String name : List.of("jdk.internal.access", "jdk.internal.misc", "sun.nio.ch")) {
            args.addAll(List.of("--add-exports", "java.base/" + name + "=ALL-UNNAMED"));
        }
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> args.add(file.toString()));
        }
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(System.out, System.err, args.toArray(new String[0]));
        if (status != 0) {
            throw new IOException("javac failed for " + sources);
        }
        return classes;
    }

    /// Lets a JVM rewrite its classes; what becomes of them.
    private static byte[] record(Path jar, Path file) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.add("-javaagent:" + jar + "=" + file);
        command.addAll(List.of("-cp", jar.toString(), "dev.linnet.jvm.agent.Recorder"));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("the recorder failed with status " + status);
        }
        return Files.readAllBytes(file);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
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

    private static void write(Path file, String agent) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setMethod(ZipOutputStream.STORED);
            put(zip, JarFile.MANIFEST_NAME, manifest(agent));
            for (Map.Entry<String, byte[]> entry : ENTRIES.entrySet()) {
                put(zip, entry.getKey(), entry.getValue());
            }
        }
    }

    private static byte[] manifest(String agent) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Name.MANIFEST_VERSION, "1.0");
        main.putValue("Premain-Class", "dev.linnet.jvm.agent." + agent);
        main.putValue("Agent-Class", "dev.linnet.jvm.agent." + agent);
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
