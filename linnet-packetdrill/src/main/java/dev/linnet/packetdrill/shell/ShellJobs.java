package dev.linnet.packetdrill.shell;

import dev.linnet.packetdrill.shell.Shell.ShellIo;
import java.util.ArrayList;
import java.util.List;

/// The commands that run in the background of a shell.
final class ShellJobs {
    private static final int NO_SUCH_JOB = 127;
    private static final int FIRST_PID = 1000;

    private final Shell.Background background;
    private final List<Job> jobs = new ArrayList<>();
    private int started;

    /// A command that was started; `status` counts once it is done.
    private static final class Job {
        final int pid;
        final ShellIo io = new ShellIo("");
        Runnable await = () -> {};
        boolean done;
        int status;

        Job(int pid) {
            this.pid = pid;
        }
    }

    /// A command as the shell runs it.
    @FunctionalInterface
    interface Body {
        int run(ShellIo io);
    }

    ShellJobs(Shell.Background background) {
        this.background = background;
    }

    /// Starts a command; its number.
    int start(Body body) {
        Job job = new Job(FIRST_PID + started++);
        jobs.add(job);
        job.await =
                background.start(
                        () -> {
                            job.status = body.run(job.io);
                            job.done = true;
                        });
        return job.pid;
    }

    /// `wait [PID]…`: returns when the commands have ended, all if none is named; the status of the
    /// last that is named.
    int await(List<String> pids, ShellIo io) {
        int status = 0;
        for (String pid : pids) {
            status = NO_SUCH_JOB;
            for (Job job : List.copyOf(jobs)) {
                if (Integer.toString(job.pid).equals(pid)) {
                    job.await.run();
                    status = job.status;
                }
            }
        }
        if (pids.isEmpty()) {
            List.copyOf(jobs).forEach(job -> job.await.run());
        }
        collect(io);
        return status;
    }

    /// Takes what ended commands have printed.
    void collect(ShellIo io) {
        for (Job job : List.copyOf(jobs)) {
            if (job.done) {
                io.out.append(job.io.out);
                io.err.append(job.io.err);
                job.io.out.setLength(0);
                job.io.err.setLength(0);
            }
        }
    }
}
