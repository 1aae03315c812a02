package dev.linnet.kernel.sysctl;

import dev.linnet.uapi.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is known of the knobs of a stock Linux 6.18, and in what Linnet's differ on purpose.
final class SysctlFacts {
    /// Knobs of features that this stack is built without: a kernel without them does not have their
    /// files either.
    static final Map<String, Pattern> ABSENT =
            Map.of(
                    "CONFIG_XFRM: IPsec",
                    Pattern.compile("net\\.core\\.xfrm_.*|net\\.ipv[46]\\.xfrm[46]_.*"),
                    "CONFIG_RPS: spreading packets over processors",
                    Pattern.compile("net\\.core\\.(rps_.*|flow_limit_.*)"),
                    "CONFIG_BPF_JIT",
                    Pattern.compile("net\\.core\\.bpf_jit_.*"),
                    "CONFIG_NETLABEL: labelled networking",
                    Pattern.compile("net\\.ipv4\\.cipso_.*|net\\.ipv6\\.calipso_.*"),
                    "CONFIG_IPV6_SEG6_HMAC: segment routing with keys",
                    Pattern.compile("net\\.ipv6\\.conf\\..*\\.seg6_require_hmac"));

    /// Knobs whose value on the machine of the recording is not Linux's stock one, or depends on what
    /// only that machine knows.
    static final Map<String, String> OTHER_VALUE =
            Map.of(
                    "net.ipv4.tcp_congestion_control",
                    "the recording's kernel was configured with bbr, the stock default is cubic",
                    "net.ipv4.tcp_allowed_congestion_control",
                    "follows the default",
                    "net.ipv4.tcp_available_congestion_control",
                    "order of registration; Linnet has reno and cubic to begin with",
                    "net.ipv4.tcp_available_ulp",
                    "the recording's kernel has Multipath TCP",
                    "fs.file-max",
                    "depends on the memory that was free at boot",
                    "fs.epoll.max_user_watches",
                    "depends on the memory that was there at boot");

    /// A knob as Linux shows it.
    ///
    /// @param mode permissions in octal
    /// @param value text without the final newline, or `!` and the errno of reading it
    record Fact(String mode, String value) {}

    private SysctlFacts() {}

    static boolean isAbsent(String name) {
        return ABSENT.values().stream().anyMatch(p -> p.matcher(name).matches());
    }

    /// The recording of a namespace, `first` or `fresh`, without what is absent here.
    static SortedMap<String, Fact> recorded(String namespace) {
        SortedMap<String, Fact> facts = new TreeMap<>();
        for (String line : resource("linux-6.18.txt").toList()) {
            String[] word = line.split(" ", 4);
            if (word[0].equals(namespace) && !isAbsent(word[2])) {
                facts.put(word[2], new Fact(word[1], word[3].translateEscapes()));
            }
        }
        return facts;
    }

    /// The machine of the recording.
    static Machine recordedMachine() {
        return new Machine(header("pages"), header("bufferPages"), (int) header("hz"));
    }

    private static long header(String key) {
        Matcher matcher =
                Pattern.compile("(?m)^# " + key + " (\\d+)$").matcher(text("linux-6.18.txt"));
        if (!matcher.find()) {
            throw new IllegalStateException("no " + key);
        }
        return Long.parseLong(matcher.group(1));
    }

    static Stream<String> resource(String name) {
        return text(name).lines().filter(line -> !line.startsWith("#"));
    }

    private static String text(String name) {
        try (InputStream in =
                Objects.requireNonNull(SysctlFacts.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a namespace of Linnet shows, in the form of the recording.
    static SortedMap<String, Fact> shownBy(SysctlValues values) {
        SortedMap<String, Fact> facts = new TreeMap<>();
        for (String name : values.names()) {
            String mode = Integer.toOctalString(values.mode(name));
            facts.put(name, new Fact(mode, shown(values, name)));
        }
        return facts;
    }

    /// The text of a knob without the final newline, or `!` and the errno.
    static String shown(SysctlValues values, String name) {
        StringBuilder out = new StringBuilder();
        int err = values.read(name, out);
        return err == 0 ? out.substring(0, out.length() - 1) : "!" + Errno.name(err);
    }

    /// A new namespace with a loopback, as `unshare -n` gives.
    static SysctlValues freshNamespace(SysctlValues creator) {
        SysctlValues fresh = creator.newNamespace();
        addLoopback(fresh);
        return fresh;
    }

    static void addLoopback(SysctlValues values) {
        DeviceSysctls lo = values.addIpv4("lo", true);
        values.addIpv6("lo", 65536, true, true);
        lo.conf().setAllExplicit();
        lo.neigh().setAllExplicit();
    }

    /// Names of the first map only, names of the second only, and names with different facts.
    static List<String> differences(Map<String, Fact> ours, Map<String, Fact> linux) {
        SortedMap<String, String> differences = new TreeMap<>();
        ours.forEach(
                (name, fact) -> {
                    Fact other = linux.get(name);
                    if (other == null) {
                        differences.put(name, "only here: " + fact);
                    } else if (!fact.mode().equals(other.mode())) {
                        differences.put(name, "mode " + fact.mode() + ", Linux " + other.mode());
                    } else if (!fact.value().equals(other.value())
                            && !OTHER_VALUE.containsKey(name)) {
                        differences.put(name, fact.value() + ", Linux " + other.value());
                    }
                });
        linux.forEach(
                (name, fact) -> {
                    if (!ours.containsKey(name)) {
                        differences.put(name, "missing: " + fact);
                    }
                });
        return differences.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
    }
}
