package dev.linnet.packetdrill;

import dev.linnet.packetdrill.host.HostTargets;
import dev.linnet.packetdrill.linnet.LinnetTargets;
import dev.linnet.packetdrill.target.TargetException;
import dev.linnet.packetdrill.target.TargetFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The command `packetdrill`: runs scripts and says what came of them. [PacketdrillArguments] makes
/// it from the words of a command line.
///
/// @param on the target, `linnet` or `host`
/// @param modes the modes to run each script in; none means the one that the script asks for
/// @param parallel how many scripts run at a time
/// @param junit a file for the results as JUnit's XML
/// @param pcap a directory for the packets of each run
/// @param options packetdrill's own options, which win over those of the scripts
/// @param paths scripts, and directories with scripts
public record PacketdrillCommand(
        String on,
        List<IpMode> modes,
        int parallel,
        Optional<Path> junit,
        Optional<Path> pcap,
        List<ConfigBuilder.Option> options,
        List<Path> paths) {
    /// All passed.
    public static final int PASSED = 0;

    /// At least one script failed.
    public static final int FAILED = 1;

    /// The command is wrong, or cannot be carried out here.
    public static final int UNUSABLE = 2;

    /// Runs the scripts.
    ///
    /// @param out gets one line for each script, the report of each that fails, and the sum
    /// @param err gets one line if the command cannot be carried out
    /// @return the exit status: [#PASSED], [#FAILED] or [#UNUSABLE]
    public int run(PrintWriter out, PrintWriter err) {
        try {
            checkOptions();
            List<Suite.Job> jobs = Suite.jobs(paths, modes);
            if (jobs.isEmpty()) {
                return unusable(err, "there is no script (*.pkt) in " + paths);
            }
            PacketLog log =
                    pcap.isPresent() ? new PcapDirectory(pcap.orElseThrow()) : PacketLog.NONE;
            ScriptRunner runner =
                    new ScriptRunner(targets(), options, log, line -> print(out, line));
            return run(new Suite(jobs, parallel), runner, out);
        } catch (NoSuchFileException e) {
            return unusable(err, "there is no file or directory " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            return unusable(err, String.valueOf(e));
        } catch (IllegalArgumentException | TargetException e) {
            return unusable(err, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return unusable(err, "interrupted");
        }
    }

    /// An option that is wrong in itself would be wrong in each script.
    private void checkOptions() {
        List<IpMode> all =
                modes.isEmpty() ? List.of(ConfigBuilder.mode(List.of(), options)) : modes;
        all.forEach(mode -> ConfigBuilder.build(mode, List.of(), options));
    }

    private TargetFactory targets() {
        return switch (on) {
            case "linnet" -> new LinnetTargets();
            case "host" -> new HostTargets();
            default ->
                    throw new IllegalArgumentException(
                            "there is no target '" + on + "', only linnet and host");
        };
    }

    private int run(Suite suite, ScriptRunner runner, PrintWriter out)
            throws IOException, InterruptedException {
        List<RunResult> results =
                suite.run(
                        runner,
                        result -> {
                            print(out, result.line());
                            out.print(result.report());
                            out.flush();
                        });
        if (junit.isPresent()) {
            JunitReport.write(junit.orElseThrow(), "packetdrill on " + on, results);
        }
        long passed = results.stream().filter(RunResult::passed).count();
        long failed = results.size() - passed;
        print(out, passed + " passed, " + failed + " failed");
        return failed == 0 ? PASSED : FAILED;
    }

    private static void print(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private static int unusable(PrintWriter err, String why) {
        print(err, "packetdrill: " + why);
        return UNUSABLE;
    }
}
