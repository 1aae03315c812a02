package dev.linnet.packetdrill.linnet;

import dev.linnet.kernel.mib.MibSnapshot;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import dev.linnet.stack.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// `nstat [-anprsz] [PATTERN]…`: the counters that changed since it was last asked.
final class NstatCommand {
    /// Numbers beside the counters that count nothing; the program leaves them out.
    private static final Set<String> NO_COUNTERS =
            Set.of(
                    "IpForwarding",
                    "IpDefaultTTL",
                    "TcpRtoAlgorithm",
                    "TcpRtoMin",
                    "TcpRtoMax",
                    "TcpMaxConn",
                    "TcpCurrEstab");

    private static final Map<String, String> LONG_OPTIONS =
            Map.of(
                    "--ignore", "a",
                    "--nooutput", "n",
                    "--noupdate", "s",
                    "--zeros", "z",
                    "--reset", "r",
                    "--pretty", "p");

    private final Host host;
    private final Map<String, Long> history;

    NstatCommand(Host host) {
        this.host = host;
        this.history = new HashMap<>(host.net().mib.snapshot().values());
    }

    int run(List<String> args, ShellIo io) {
        StringBuilder flags = new StringBuilder();
        List<Pattern> patterns = new ArrayList<>();
        for (String arg : args) {
            if (arg.startsWith("-")) {
                flags.append(LONG_OPTIONS.getOrDefault(arg, arg.substring(1)));
            } else {
                patterns.add(pattern(arg));
            }
        }
        if (!flags.toString().matches("[anprsz]*")) {
            io.err.append("nstat: only the options -a, -n, -p, -r, -s and -z\n");
            return 1;
        }
        print(flags.toString(), patterns, io);
        return 0;
    }

    /// A pattern of file names, as in a shell.
    private static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder();
        for (char c : text.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString());
    }

    private void print(String flags, List<Pattern> patterns, ShellIo io) {
        MibSnapshot now = host.net().mib.snapshot();
        if (flags.contains("r")) {
            history.clear();
        }
        boolean silent = flags.contains("n");
        io.out.append(silent ? "" : "#kernel\n");
        now.values()
                .forEach(
                        (name, count) -> {
                            if (NO_COUNTERS.contains(name) || !isAsked(patterns, name)) {
                                return;
                            }
                            long before = flags.contains("a") ? 0 : history.getOrDefault(name, 0L);
                            boolean shown = count != before || flags.contains("z");
                            if (shown && !silent) {
                                io.out.append(line(name, count - before));
                            }
                            if (!flags.contains("s")) {
                                history.put(name, count);
                            }
                        });
    }

    private static boolean isAsked(List<Pattern> patterns, String name) {
        return patterns.isEmpty() || patterns.stream().anyMatch(p -> p.matcher(name).matches());
    }

    private static String line(String name, long count) {
        return String.format(Locale.ROOT, "%-32s%-19d0.0\n", name, count);
    }
}
