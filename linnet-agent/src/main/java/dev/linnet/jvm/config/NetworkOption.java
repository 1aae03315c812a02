package dev.linnet.jvm.config;

import org.jspecify.annotations.Nullable;

/// The options of a network. The order is that of the help.
public enum NetworkOption {
    ADDRESS(
            "address",
            "CIDR",
            true,
            "an address of the program's host and its network (10.0.0.1/24 if there is none)"),
    ROUTE(
            "route",
            "CIDR[,via ADDR][,dev NAME]",
            true,
            "a route; default stands for 0.0.0.0/0, or for ::/0 if the gateway is IPv6"),
    NAME("name", "NAME=ADDR", true, "a line of the hosts table"),
    DNS("dns", "ADDR", true, "a name server that is asked over Linnet for other names"),
    HOSTNAME("hostname", "NAME", false, "the name of the host (linnet)"),
    TUN(
            "tun",
            "NAME",
            false,
            "makes a TUN device, so that this machine and what is beyond can be reached; needs root"),
    HOST_ADDRESS(
            "host-address",
            "CIDR",
            true,
            "this machine's side of the TUN device (the first other address of the network)"),
    MTU("mtu", "BYTES", false, "largest packet of the host's interface (1500)"),
    LINK(
            "link",
            "delay=20ms,loss=1%,...",
            false,
            "what happens to packets on their way, each direction: delay, jitter, rate, loss, duplicate,"
                    + " reorder, corrupt, limit, seed"),
    PCAP("pcap", "FILE", false, "captures the packets to a pcapng file"),
    SYSCTL("sysctl", "KEY=VALUE", true, "sets a kernel parameter of the host"),
    CONFIG("config", "FILE", false, "reads options from a file, one a line: name = value"),
    STATS("stats", null, false, "prints connections and counters when the program ends"),
    STRICT(
            "strict",
            null,
            false,
            "closes every path to this machine's network (the default; --no-strict opens them)"),
    SCOPED(
            "scoped",
            null,
            false,
            "makes no host: only threads that a program binds to a host of its own are on Linnet");

    private final String label;
    private final @Nullable String value;
    private final boolean repeatable;
    private final String help;

    NetworkOption(String label, @Nullable String value, boolean repeatable, String help) {
        this.label = label;
        this.value = value;
        this.repeatable = repeatable;
        this.help = help;
    }

    /// Its name, as in `--name`.
    public String label() {
        return label;
    }

    /// What its value is, null for a switch (`--stats`, `stats=true`, `--no-stats`).
    public @Nullable String value() {
        return value;
    }

    /// True if it may be given several times.
    public boolean repeatable() {
        return repeatable;
    }

    /// What it is for, one line.
    public String help() {
        return help;
    }

    static @Nullable NetworkOption of(String label) {
        for (NetworkOption option : values()) {
            if (option.label.equals(label)) {
                return option;
            }
        }
        return null;
    }

    /// The table, as `linnet run --help` prints it.
    public static String table() {
        StringBuilder text = new StringBuilder();
        for (NetworkOption option : values()) {
            String head = "  --" + option.label + (option.value == null ? "" : " " + option.value);
            text.append(head);
            int column = 34;
            if (head.length() >= column) {
                text.append('\n').append(" ".repeat(column));
            } else {
                text.append(" ".repeat(column - head.length()));
            }
            appendWrapped(text, option.help, column);
            text.append('\n');
        }
        return text.toString();
    }

    private static void appendWrapped(StringBuilder text, String help, int column) {
        int width = column;
        for (String word : help.split(" ", -1)) {
            if (width > column && width + 1 + word.length() > 100) {
                text.append('\n').append(" ".repeat(column));
                width = column;
            }
            if (width > column) {
                text.append(' ');
                width++;
            }
            text.append(word);
            width += word.length();
        }
    }
}
