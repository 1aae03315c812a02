package dev.linnet.host;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The host kernel's own account of its network, from `/proc`: sysctls and counters, to compare
/// Linnet's with.
///
/// Everything here is about the network namespace of the calling thread; call it inside
/// [HostNamespace#call] for one's own. In a namespace other than the first, the kernel shows only
/// the sysctls that belong to namespaces.
public final class HostProc {
    private static final Path SYS = Path.of("/proc/sys");

    /// Not `/proc/net`, which is that of the process's first thread.
    private static final Path NET = Path.of("/proc/thread-self/net");

    private static final int READ_BYTES = 4096;

    private HostProc() {}

    /// One sysctl's value, without the final newline; several numbers are separated by tabs.
    ///
    /// @param name as sysctl(8) writes it: `net.ipv4.tcp_rmem`; a dot inside a component, as in an
    ///     interface's name, is written as a slash
    /// @throws IOException when there is no such sysctl, or it cannot be read now
    public static String sysctl(String name) throws IOException {
        return read(sysctlFile(name));
    }

    /// Sets a sysctl of this namespace (or of the host, if it is not one of namespaces).
    ///
    /// @throws IOException when there is no such sysctl, or with the kernel's reason against the
    ///     value
    public static void setSysctl(String name, String value) throws IOException {
        // One write: the kernel parses each write by itself. And no O_TRUNC or O_CREAT.
        try (FileOutputStream file = new FileOutputStream(sysctlFile(name).toFile(), true)) {
            file.write(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// All readable sysctls at or below a name, with their values, in order of name. Those that can
    /// only be written (`net.ipv4.route.flush`) or have no value yet
    /// (`net.ipv6.conf.all.stable_secret`) are left out.
    ///
    /// @param prefix as `net.ipv4` or `net`
    /// @throws IOException when there is nothing of this name
    public static SortedMap<String, String> sysctls(String prefix) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(sysctlFile(prefix))) {
            files = tree.filter(Files::isRegularFile).toList();
        }
        SortedMap<String, String> values = new TreeMap<>();
        for (Path file : files) {
            try {
                values.put(sysctlName(file), read(file));
            } catch (IOException _) {
                // Write-only, or without a value: documented as left out.
            }
        }
        return values;
    }

    /// The counters of `/proc/net/snmp` (IP, ICMP, TCP, UDP), as `Tcp.ActiveOpens`, in the kernel's
    /// order.
    public static Map<String, Long> snmp() throws IOException {
        return pairedLines(Files.readAllLines(NET.resolve("snmp")));
    }

    /// The counters of `/proc/net/netstat`, as `TcpExt.SyncookiesSent` and `IpExt.InOctets`, in the
    /// kernel's order.
    public static Map<String, Long> netstat() throws IOException {
        return pairedLines(Files.readAllLines(NET.resolve("netstat")));
    }

    /// The counters of `/proc/net/snmp6`, as `Ip6InReceives`, in the kernel's order.
    public static Map<String, Long> snmp6() throws IOException {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (String line : Files.readAllLines(NET.resolve("snmp6"))) {
            String[] words = line.split("\\s+", -1);
            counters.put(words[0], counter(words[1]));
        }
        return counters;
    }

    /// Two lines for each group: `Tcp: A B C`, then `Tcp: 1 2 3`.
    static Map<String, Long> pairedLines(List<String> lines) {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            String[] names = lines.get(i).split(" ", -1);
            String[] values = lines.get(i + 1).split(" ", -1);
            String group = names[0].substring(0, names[0].length() - 1);
            for (int k = 1; k < names.length; k++) {
                counters.put(group + "." + names[k], counter(values[k]));
            }
        }
        return counters;
    }

    /// Counters are unsigned, except for `Tcp.MaxConn`, which is -1.
    private static long counter(String digits) {
        return digits.startsWith("-") ? Long.parseLong(digits) : Long.parseUnsignedLong(digits);
    }

    /// Reads with one large call first: most sysctls answer only to a read from the beginning, and
    /// [Files#readString] begins with a single byte because the files seem to be empty.
    private static String read(Path file) throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = new byte[READ_BYTES];
            int length = 0;
            for (int n; (n = in.read(bytes, length, bytes.length - length)) > 0; ) {
                length += n;
                bytes = length < bytes.length ? bytes : Arrays.copyOf(bytes, 2 * length);
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
        }
    }

    private static Path sysctlFile(String name) {
        List<String> components = new ArrayList<>();
        for (String component : name.split("\\.", -1)) {
            components.add(component.replace('/', '.'));
        }
        return SYS.resolve(String.join("/", components));
    }

    private static String sysctlName(Path file) {
        List<String> components = new ArrayList<>();
        for (Path component : SYS.relativize(file)) {
            components.add(component.toString().replace('.', '/'));
        }
        return String.join(".", components);
    }
}
