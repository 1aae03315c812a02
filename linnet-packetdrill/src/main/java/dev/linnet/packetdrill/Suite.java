package dev.linnet.packetdrill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Many runs, some at a time.
///
/// @param jobs what to run
/// @param parallel how many at a time
public record Suite(List<Job> jobs, int parallel) {
    /// One script in one mode; without a mode in that which the script asks for.
    public record Job(Path script, @Nullable IpMode mode) {}

    /// The scripts that the paths name, in each of the modes: files as they are, in directories all
    /// `*.pkt` at any depth, sorted.
    ///
    /// @param modes the modes; none means the one that each script asks for
    /// @throws NoSuchFileException if one of the paths is neither
    public static List<Job> jobs(List<Path> paths, List<IpMode> modes) throws IOException {
        List<Job> jobs = new ArrayList<>();
        for (Path script : scripts(paths)) {
            if (modes.isEmpty()) {
                jobs.add(new Job(script, null));
            }
            modes.forEach(mode -> jobs.add(new Job(script, mode)));
        }
        return jobs;
    }

    private static List<Path> scripts(List<Path> paths) throws IOException {
        List<Path> scripts = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            if (!Files.isDirectory(path)) {
                scripts.add(path);
                continue;
            }
            try (Stream<Path> files = Files.walk(path)) {
                files.filter(file -> file.toString().endsWith(".pkt"))
                        .sorted()
                        .forEach(scripts::add);
            }
        }
        return scripts;
    }

    /// Runs all and returns the results in the order of the jobs.
    ///
    /// @param progress gets each result when it is there, one at a time
    public List<RunResult> run(ScriptRunner runner, Consumer<RunResult> progress)
            throws InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(parallel)) {
            List<Future<RunResult>> runs = new ArrayList<>();
            for (Job job : jobs) {
                runs.add(pool.submit(() -> run(runner, job, progress)));
            }
            List<RunResult> results = new ArrayList<>();
            for (Future<RunResult> run : runs) {
                results.add(run.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private RunResult run(ScriptRunner runner, Job job, Consumer<RunResult> progress) {
        RunResult result = runner.run(job.script, job.mode);
        synchronized (progress) {
            progress.accept(result);
        }
        return result;
    }
}
