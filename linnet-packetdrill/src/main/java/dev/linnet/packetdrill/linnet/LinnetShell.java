package dev.linnet.packetdrill.linnet;

import dev.linnet.kernel.sched.VirtualScheduler;
import dev.linnet.packetdrill.shell.Shell;
import dev.linnet.packetdrill.shell.TextCommands;
import dev.linnet.stack.Host;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Command lines of scripts, carried out on a stack.
final class LinnetShell {
    private final Shell shell;

    LinnetShell(Host host, VirtualScheduler scheduler, LinnetFiles files) {
        Map<String, Shell.Command> commands = new HashMap<>(TextCommands.all());
        commands.putAll(new NetCommands(host).all());
        commands.put("sleep", (sh, args, io) -> sleep(scheduler, args, io));
        shell = new Shell(commands, files);
        String pid = Integer.toString(host.newTask("packetdrill").pid());
        shell.set("PPID", pid);
        shell.set("PACKETDRILL_PID", pid);
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
