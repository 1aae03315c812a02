package dev.linnet.kernel.sysctl;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/// The program that [HostNamespace] runs in a network namespace of its own: it reads commands, one per
/// line, and answers each with one line. It must do with the classes of the JDK.
public final class HostNamespaceChild {
    private HostNamespaceChild() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] word = line.split("\t", -1);
            try {
                out.println("ok\t" + escape(run(word)));
            } catch (IOException | InterruptedException e) {
                out.println("error\t" + escape(reason(e)));
            }
        }
    }

    private static String run(String[] word) throws IOException, InterruptedException {
        return switch (word[0]) {
            case "read" -> read(word[1]);
            case "write" -> write(word[1], unescape(word[2]));
            case "list" -> list(Path.of(word[1]));
            case "shell" -> shell(word[1]);
            case "traffic" -> traffic();
            default -> throw new IOException("no command " + word[0]);
        };
    }

    private static String read(String path) throws IOException {
        try (FileInputStream file = new FileInputStream(path)) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String write(String path, String text) throws IOException {
        try (FileOutputStream file = new FileOutputStream(path)) {
            file.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return "";
    }

    /// All files below a directory, each with its permissions in octal.
    private static String list(Path root) throws IOException {
        StringBuilder out = new StringBuilder();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                int mode = 0;
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
                for (char c : PosixFilePermissions.toString(permissions).toCharArray()) {
                    mode = mode << 1 | (c == '-' ? 0 : 1);
                }
                out.append(Integer.toOctalString(mode)).append(' ').append(file).append('\n');
            }
        }
        return out.toString();
    }

    private static String shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException("status " + status + ": " + output);
        }
        return output;
    }

    /// A connection, a datagram that nobody wants over IPv4 and one over IPv6.
    private static String traffic() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket child = server.accept();
                DatagramSocket udp = new DatagramSocket()) {
            client.getOutputStream().write(new byte[3000]);
            child.getInputStream().readNBytes(3000);
            for (String host : new String[] {"127.0.0.1", "::1"}) {
                udp.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(host), 9));
            }
        }
        return "";
    }

    /// The text of the errno: the JDK puts it in parentheses after a path, or alone.
    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage());
        int open = message.lastIndexOf('(');
        return message.endsWith(")") && open > 0
                ? message.substring(open + 1, message.length() - 1)
                : message;
    }

    static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    static String unescape(String text) {
        return text.translateEscapes();
    }
}
