package dev.linnet.packetdrill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Reads the words of a command line.
///
/// The tool's own options take their value as the next word or after `=`. Every other option that
/// begins with `--` is one of packetdrill, and has its value after `=`, as in scripts.
public final class PacketdrillArguments {
    /// What may stand on the command line, in one line.
    public static final String SYNOPSIS = "packetdrill [OPTION]... SCRIPT-OR-DIRECTORY...";

    /// What the command does.
    public static final String SUMMARY =
            "Runs packetdrill scripts: does the network stack do what they say?";

    /// Its options.
    public static final String OPTIONS =
            """

              --on TARGET      linnet: the stack in this process, in virtual time (default)
                               host: this machine's kernel, through a TUN device, each
                               script in a network namespace of its own (needs Linux on
                               x86-64 and root)
              --mode MODE      ipv4, ipv6, ipv4-mapped-ipv6, several with commas, or all;
                               without it the one that the script's --ip_version asks for
              -j N             run N scripts at a time (default: the number of processors)
              --junit FILE     write the results as JUnit XML
              --pcap DIR       write the packets of each run to a pcapng file in DIR
              -D NAME=VALUE    replace the word NAME in scripts
              -v               print every event
              --OPTION[=VALUE] any option of packetdrill, over those in the scripts:
                               --tolerance_usecs=10000, --mss=1000, --local_ip=10.0.0.1, ...

            Exit status: 0 if all passed, 1 if any failed, 2 if the command is wrong.
            """;

    private String on = "linnet";
    private List<IpMode> modes = List.of();
    private int parallel = Runtime.getRuntime().availableProcessors();
    private Optional<Path> junit = Optional.empty();
    private Optional<Path> pcap = Optional.empty();
    private final List<ConfigBuilder.Option> options = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();

    private PacketdrillArguments() {}

    /// The command that the words make.
    ///
    /// @throws IllegalArgumentException for one that is wrong, saying what
    public static PacketdrillCommand parse(List<String> words) {
        PacketdrillArguments arguments = new PacketdrillArguments();
        Iterator<String> rest = words.iterator();
        while (rest.hasNext()) {
            arguments.take(rest.next(), rest);
        }
        return arguments.command();
    }

    private void take(String word, Iterator<String> rest) {
        if (!word.startsWith("-") || word.equals("-")) {
            paths.add(Path.of(word));
            return;
        }
        if (word.startsWith("-D") || word.startsWith("-j")) {
            String attached = word.substring(2);
            own(word.substring(0, 2), attached.isEmpty() ? next(word, rest) : attached);
            return;
        }
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        switch (name) {
            case "--on", "--mode", "--junit", "--pcap" ->
                    own(name, equals < 0 ? next(word, rest) : word.substring(equals + 1));
            case "-v" -> options.add(ConfigBuilder.Option.of("verbose"));
            default -> options.add(packetdrillOption(word));
        }
    }

    private static String next(String word, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException("option " + word + " needs a value");
        }
        return rest.next();
    }

    private void own(String name, String value) {
        switch (name) {
            case "--on" -> on = value;
            case "--mode" -> modes = modes(value);
            case "--junit" -> junit = Optional.of(Path.of(value));
            case "--pcap" -> pcap = Optional.of(Path.of(value));
            case "-j" -> parallel = count(value);
            default -> options.add(new ConfigBuilder.Option("define", Optional.of(value)));
        }
    }

    private static List<IpMode> modes(String value) {
        if (value.equals("all")) {
            return List.of(IpMode.values());
        }
        List<IpMode> modes = new ArrayList<>();
        for (String label : value.split(",", -1)) {
            modes.add(IpMode.of(label));
        }
        return modes;
    }

    private static int count(String value) {
        if (!value.matches("[1-9]\\d{0,3}")) {
            throw new IllegalArgumentException("-j needs a number from 1 to 9999, not " + value);
        }
        return Integer.parseInt(value);
    }

    private static ConfigBuilder.Option packetdrillOption(String word) {
        if (!word.startsWith("--")) {
            throw new IllegalArgumentException("option " + word + " unknown");
        }
        return ConfigBuilder.Option.of(word.substring(2));
    }

    private PacketdrillCommand command() {
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("which scripts? (see: packetdrill --help)");
        }
        return new PacketdrillCommand(on, modes, parallel, junit, pcap, options, paths);
    }
}
