package dev.linnet.packetdrill;

import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.script.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads options in the order of their weight. All names are those of the original tool.
///
/// Two things are added to it. Every mode has its own addresses and definitions (those that
/// Google's and the kernel's scripts are run with) so that a script runs without any option; and an
/// address that a script sets for the other version of IP does not count, so that a script written
/// for IPv4 can be run over IPv6.
public final class ConfigBuilder {
    private static final Set<String> IGNORED =
            Set.of("code_command", "code_format", "code_sockopt", "init_scripts");

    private static final String NO_WIRE =
            "the packets pass a device of this machine, never a wire to a second one";

    private static final String NO_LIBRARY =
            "a stack in a shared library cannot be loaded; choose one with --on, or write a Target";

    /// Options of the original that cannot be, and why.
    private static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("wire_client", NO_WIRE),
                    Map.entry("wire_server", NO_WIRE),
                    Map.entry("wire_server_ip", NO_WIRE),
                    Map.entry("wire_server_at", NO_WIRE),
                    Map.entry("wire_server_port", NO_WIRE),
                    Map.entry("wire_client_dev", NO_WIRE),
                    Map.entry("wire_server_dev", NO_WIRE),
                    Map.entry("so_filename", NO_LIBRARY),
                    Map.entry("so_flags", NO_LIBRARY),
                    Map.entry("fm_filename", NO_LIBRARY),
                    Map.entry("psp_udp_port", "there is no PSP here"));

    private static final Set<String> FLAGS =
            Set.of(
                    "tcp_ts_ecr_scaled",
                    "strict_segments",
                    "is_anyip",
                    "send_omit_free",
                    "dry_run",
                    "verbose",
                    "debug");

    private static final Set<String> ADDRESSES =
            Set.of("local_ip", "remote_ip", "gateway_ip", "netmask_ip");

    private static final Set<String> NUMBERS =
            Set.of(
                    "bind_port",
                    "connect_port",
                    "speed",
                    "mss",
                    "mtu",
                    "tolerance_usecs",
                    "tolerance_percent",
                    "tcp_ts_tick_usecs");

    private static final Set<String> OTHERS = Set.of("define", "non_fatal", "ip_version");

    private final IpMode mode;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> defines = new HashMap<>();

    private ConfigBuilder(IpMode mode) {
        this.mode = mode;
        values.putAll(defaults(mode));
        defines.putAll(defaultDefines(mode));
    }

    /// One option of the command line, without its dashes.
    public record Option(String name, Optional<String> value) {
        /// Reads `name=value` or `name`.
        public static Option of(String text) {
            int equals = text.indexOf('=');
            return equals < 0
                    ? new Option(text, Optional.empty())
                    : new Option(
                            text.substring(0, equals), Optional.of(text.substring(equals + 1)));
        }
    }

    /// The configuration for a run in one mode.
    ///
    /// @param script the options of the script
    /// @param commandLine options that win over these
    /// @throws IllegalArgumentException for an option that is unknown, or a value that is wrong
    public static Config build(IpMode mode, List<Script.Option> script, List<Option> commandLine) {
        ConfigBuilder builder = new ConfigBuilder(mode);
        for (Script.Option option : script) {
            if (!builder.isForOtherVersion(option)) {
                builder.set(option.name(), option.value());
            }
        }
        commandLine.forEach(option -> builder.set(option.name(), option.value()));
        return builder.build();
    }

    /// The mode that the options ask for, the command line's first; IPv4 if none does.
    public static IpMode mode(List<Script.Option> script, List<Option> commandLine) {
        List<String> asked = new ArrayList<>();
        script.forEach(o -> add(asked, o.name(), o.value()));
        commandLine.forEach(o -> add(asked, o.name(), o.value()));
        return asked.isEmpty() ? IpMode.IPV4 : IpMode.of(asked.getLast());
    }

    private static void add(List<String> asked, String name, Optional<String> value) {
        if (name.equals("ip_version")) {
            value.ifPresent(asked::add);
        }
    }

    private boolean isForOtherVersion(Script.Option option) {
        String value = option.value().orElse("");
        boolean v6 = value.indexOf(':') >= 0;
        return ADDRESSES.contains(option.name()) && v6 != mode.packetsAreV6();
    }

    private static Map<String, String> defaults(IpMode mode) {
        Map<String, String> common =
                Map.of(
                        "bind_port", "8080",
                        "connect_port", "8080",
                        "tolerance_usecs", "4000",
                        "tolerance_percent", "12.5",
                        "tcp_ts_tick_usecs", "0",
                        "mss", "0");
        Map<String, String> v4 =
                Map.of(
                        "local_ip", "192.168.0.1",
                        "gateway_ip", "192.168.0.1",
                        "netmask_ip", "255.255.0.0",
                        "remote_ip", "192.0.2.1",
                        "mtu", "1500");
        Map<String, String> v6 =
                Map.of(
                        "local_ip", "fd3d:0a0b:17d6::1",
                        "gateway_ip", "fd3d:0a0b:17d6:8888::1",
                        "remote_ip", "fd3d:fa7b:d17d::1",
                        "mtu", "1520");
        Map<String, String> all = new HashMap<>(common);
        all.putAll(mode.packetsAreV6() ? v6 : v4);
        return all;
    }

    /// What the scripts of the kernel's and Google's suites expect to be defined; the Fast Open
    /// cookies belong to the addresses above and the key that `defaults.sh` sets.
    private static Map<String, String> defaultDefines(IpMode mode) {
        Map<String, String> defines = new HashMap<>();
        boolean v6 = mode.packetsAreV6();
        defines.put("TFO_COOKIE", v6 ? "c1d1e9742a47a9bc" : "3021b9d889017eeb");
        defines.put("TFO_COOKIE_ZERO", v6 ? "82af1a8f9a205c34" : "b7c12350a90dc8f5");
        defines.put("CMSG_LEVEL_IP", mode.socketsAreV6() ? "SOL_IPV6" : "SOL_IP");
        defines.put("CMSG_TYPE_RECVERR", mode.socketsAreV6() ? "IPV6_RECVERR" : "IP_RECVERR");
        if (!v6) {
            defines.put("CODE", "host_unreachable");
        }
        return defines;
    }

    private void set(String name, Optional<String> value) {
        String why = REFUSED.get(name);
        if (why != null) {
            throw new IllegalArgumentException("option '" + name + "' is not supported: " + why);
        }
        if (FLAGS.contains(name)) {
            if (value.isPresent()) {
                throw new IllegalArgumentException("option '" + name + "' forbids an argument");
            }
            values.put(name, "");
        } else if (takesValue(name)) {
            setTo(name, value.orElseThrow(() -> bare(name)));
        } else {
            throw new IllegalArgumentException("option '" + name + "' unknown");
        }
    }

    private static boolean takesValue(String name) {
        return ADDRESSES.contains(name)
                || NUMBERS.contains(name)
                || OTHERS.contains(name)
                || IGNORED.contains(name);
    }

    private static IllegalArgumentException bare(String name) {
        return new IllegalArgumentException("option '" + name + "' requires an argument");
    }

    private void setTo(String name, String value) {
        switch (name) {
            case "define" -> define(value);
            case "ip_version" -> IpMode.of(value);
            default -> values.put(name, value);
        }
    }

    private void define(String definition) {
        int equals = definition.indexOf('=');
        if (equals <= 0) {
            throw new IllegalArgumentException("bad definition: " + definition);
        }
        defines.put(definition.substring(0, equals), definition.substring(equals + 1));
    }

    private Config build() {
        String remote = value("remote_ip");
        int slash = remote.indexOf('/');
        IpAddress remoteIp = address("remote_ip", slash < 0 ? remote : remote.substring(0, slash));
        int all = mode.packetsAreV6() ? 128 : 32;
        int remoteLength =
                slash < 0 ? all : (int) number("remote_ip", remote.substring(slash + 1), 0, all);
        Set<String> nonFatal =
                new HashSet<>(Arrays.asList(values.getOrDefault("non_fatal", "").split("[, ]+")));
        return new Config(
                mode,
                address("local_ip", value("local_ip")),
                mode.packetsAreV6() ? 48 : prefixLength(),
                remoteIp,
                remoteIp + "/" + remoteLength,
                address("gateway_ip", value("gateway_ip")),
                (int) number("bind_port", 1, 0xffff),
                (int) number("connect_port", 1, 0xffff),
                (int) number("mtu", 0, 0xffff),
                (int) number("mss", 0, 0xffff),
                number("tolerance_usecs", 1, Long.MAX_VALUE),
                percent(),
                (int) number("tcp_ts_tick_usecs", 0, 1_000_000),
                values.containsKey("tcp_ts_ecr_scaled"),
                values.containsKey("strict_segments"),
                nonFatal.contains("packet"),
                nonFatal.contains("syscall"),
                values.containsKey("is_anyip"),
                Optional.ofNullable(values.get("speed"))
                        .map(speed -> number("speed", speed, 0, 0xffff_ffffL)),
                values.containsKey("dry_run"),
                values.containsKey("verbose"),
                Map.copyOf(defines));
    }

    private String value(String name) {
        return values.getOrDefault(name, "");
    }

    private IpAddress address(String name, String text) {
        IpAddress address;
        try {
            address = IpAddress.parse(text);
        } catch (IllegalArgumentException _) {
            throw bad(name, text);
        }
        if (address.v6() != mode.packetsAreV6()) {
            throw bad(name, text + " (the script runs over " + mode + ")");
        }
        return address;
    }

    private int prefixLength() {
        IpAddress mask = address("netmask_ip", value("netmask_ip"));
        int length = Integer.bitCount(mask.bits());
        if (length > 0 && mask.bits() != -1 << 32 - length) {
            throw bad("netmask_ip", mask.toString());
        }
        return length;
    }

    private double percent() {
        try {
            double percent = Double.parseDouble(value("tolerance_percent"));
            if (percent >= 0 && percent <= 100) {
                return percent;
            }
        } catch (NumberFormatException _) {
            // Falls through to the same complaint as a number out of range.
        }
        throw bad("tolerance_percent", value("tolerance_percent"));
    }

    private long number(String name, long min, long max) {
        return number(name, value(name), min, max);
    }

    private static long number(String name, String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Falls through to the same complaint as a number out of range.
        }
        throw bad(name, text);
    }

    private static IllegalArgumentException bad(String name, String value) {
        return new IllegalArgumentException("bad --" + name + ": " + value);
    }
}
