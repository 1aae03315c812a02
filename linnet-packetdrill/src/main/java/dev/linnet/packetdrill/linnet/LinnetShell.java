package dev.linnet.packetdrill.linnet;

import dev.linnet.kernel.sched.Scheduler;
import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.kernel.sched.Waiter;
import dev.linnet.packetdrill.shell.Shell;
import dev.linnet.packetdrill.shell.TextCommands;
import dev.linnet.stack.Host;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Command lines of scripts, carried out on a stack.
final class LinnetShell {
    private final Shell shell;

    LinnetShell(Host host, VirtualScheduler scheduler, LinnetFiles files) {
        Map<String, Shell.Command> commands = new HashMap<>(TextCommands.all());
        commands.putAll(new NetCommands(host).all());
        commands.put("sleep", (sh, args, io) -> sleep(scheduler, args, io));
        shell = new Shell(commands, files, command -> start(scheduler, command));
        String pid = Integer.toString(host.newTask("packetdrill").pid());
        shell.set("PPID", pid);
        shell.set("PACKETDRILL_PID", pid);
    }

    /// Commands in the background are threads of the stack: they sleep in virtual time too.
    private static Runnable start(VirtualScheduler scheduler, Runnable command) {
        Ended ended = new Ended();
        scheduler.start(
                "shell",
                () -> {
                    command.run();
                    ended.done = true;
                    if (ended.waiter != null) {
                        scheduler.unpark(ended.waiter);
                    }
                });
        scheduler.runUntilIdle();
        return () -> {
            while (!ended.done) {
                ended.waiter = scheduler.newWaiter();
                if (scheduler.park(ended.waiter, Scheduler.FOREVER) != Scheduler.Wake.WOKEN) {
                    return;
                }
            }
        };
    }

    private static final class Ended {
        private boolean done;
        private @Nullable Waiter waiter;
    }

    private static int sleep(VirtualScheduler scheduler, List<String> args, Shell.ShellIo io) {
        try {
            double seconds = Double.parseDouble(args.isEmpty() ? "" : args.getFirst());
            return scheduler.sleep((long) (seconds * 1e9)) ? 0 : 1;
        } catch (NumberFormatException e) {
            io.err.append("sleep: how many seconds?\n");
            return 1;
        }
    }

    int run(String commandLine, Consumer<String> output) {
        Shell.Result result = shell.run(commandLine);
        result.out().lines().forEach(output);
        result.err().lines().forEach(output);
        return result.status();
    }
}
