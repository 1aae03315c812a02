package dev.linnet.packetdrill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// Google's scripts and what the original tool says of them on the kernel. They are not part of the
/// repository; where they are missing, tests that need them are skipped and say so.
final class SharedScripts {
    private static final Path ROOT = Path.of("../../shared/packetdrill");

    private SharedScripts() {}

    /// One line of the table of verdicts.
    ///
    /// @param stable the original tool says the same each time
    record Row(
            Path script,
            String name,
            IpMode mode,
            boolean pass,
            int toleranceUsecs,
            boolean defaultAddresses,
            boolean stable) {
        /// The command line that the original was run with.
        List<ConfigBuilder.Option> options() {
            List<String> options = new ArrayList<>(List.of("send_omit_free"));
            if (toleranceUsecs != 4000) {
                options.add("tolerance_usecs=" + toleranceUsecs);
            }
            if (!defaultAddresses) {
                options.add("gateway_ip=192.168.0.1");
            } else if (mode.packetsAreV6()) {
                options.add("mtu=1520");
                options.add("local_ip=fd3d:0a0b:17d6::1");
                options.add("gateway_ip=fd3d:0a0b:17d6:8888::1");
                options.add("remote_ip=fd3d:fa7b:d17d::1");
            } else {
                options.add("local_ip=192.168.0.1");
                options.add("gateway_ip=192.168.0.1");
                options.add("netmask_ip=255.255.0.0");
                options.add("remote_ip=192.0.2.1");
            }
            return options.stream().map(ConfigBuilder.Option::of).toList();
        }

        @Override
        public String toString() {
            return name + " (" + mode + ")";
        }
    }

    /// All scripts; skips the test if they are not there.
    static List<Path> scripts() {
        requirePresent();
        try {
            return Suite.jobs(List.of(ROOT.resolve("google")), List.of(IpMode.IPV4)).stream()
                    .map(Suite.Job::script)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The table of verdicts; skips the test if it is not there.
    static List<Row> rows() {
        requirePresent();
        try {
            return Files.readAllLines(ROOT.resolve("verdicts.tsv")).stream()
                    .skip(1)
                    .map(SharedScripts::row)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        String[] f = line.split("\t", -1);
        return new Row(
                ROOT.resolve(f[0]),
                f[0],
                IpMode.of(f[1]),
                f[2].equals("PASS"),
                Integer.parseInt(f[3]),
                f[4].equals("default"),
                f[5].equals("yes"));
    }

    private static void requirePresent() {
        Assumptions.assumeTrue(
                Files.isDirectory(ROOT),
                "skipped: Google's packetdrill scripts are not in ../shared/packetdrill");
    }
}
