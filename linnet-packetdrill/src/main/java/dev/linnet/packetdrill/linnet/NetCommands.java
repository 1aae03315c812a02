package dev.linnet.packetdrill.linnet;

import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.packetdrill.shell.Shell;
import dev.linnet.packetdrill.shell.Shell.ShellIo;
import dev.linnet.stack.Host;
import dev.linnet.uapi.Errno;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `sysctl`, `tc`, `ethtool`, `ip`, `ss`, `nstat` and `set_sysctls.py` on a stack.
final class NetCommands {
    private final Host host;
    private final NstatCommand nstat;

    NetCommands(Host host) {
        this.host = host;
        this.nstat = new NstatCommand(host);
    }

    Map<String, Shell.Command> all() {
        Map<String, Shell.Command> commands = new HashMap<>();
        commands.put("sysctl", (sh, args, io) -> sysctl(args, io));
        commands.put("set_sysctls.py", this::setSysctls);
        commands.put("tc", (sh, args, io) -> new TcCommand(host).run(args, io));
        commands.put("ethtool", (sh, args, io) -> ethtool(args, io));
        commands.put("ip", (sh, args, io) -> new IpCommand(host).run(args, io));
        commands.put("nstat", (sh, args, io) -> nstat.run(args, io));
        commands.put("ss", (sh, args, io) -> new SsCommand(host).run(args, io));
        return commands;
    }

    private int sysctl(List<String> args, ShellIo io) {
        boolean quiet = false;
        boolean ignore = false;
        int status = 0;
        for (String arg : args) {
            switch (arg) {
                case "-q", "-qw" -> quiet = true;
                case "-w" -> {}
                case "-e" -> ignore = true;
                case "-n" -> quiet = false;
                default -> status |= oneSysctl(arg, quiet, ignore, args.contains("-n"), io);
            }
        }
        return status;
    }

    private int oneSysctl(String arg, boolean quiet, boolean ignore, boolean bare, ShellIo io) {
        int eq = arg.indexOf('=');
        String name = (eq < 0 ? arg : arg.substring(0, eq)).strip().replace('/', '.');
        if (eq >= 0) {
            String value = arg.substring(eq + 1).strip();
            int err = host.setSysctl(name, value);
            if (err < 0) {
                if (!ignore || err != -Errno.ENOENT) {
                    io.err.append("sysctl: ").append(name).append(": ");
                    io.err.append(Errno.name(-err)).append('\n');
                }
                return ignore && err == -Errno.ENOENT ? 0 : 255;
            }
            if (!quiet) {
                io.out.append(name).append(" = ").append(value).append('\n');
            }
            return 0;
        }
        String value = host.net().sysctl.read(name);
        if (value == null) {
            io.err.append("sysctl: ").append(name).append(": no such sysctl\n");
            return 255;
        }
        io.out.append(bare ? value : name + " = " + value).append('\n');
        return 0;
    }

    /// Sets the knobs that its arguments name by their files, and writes a script that sets them
    /// back.
    private int setSysctls(Shell shell, List<String> args, ShellIo io) {
        StringBuilder restore = new StringBuilder("#!/bin/bash\n");
        for (String arg : args) {
            int eq = arg.indexOf('=');
            String file = eq < 0 ? arg : arg.substring(0, eq);
            String present = shell.files().read(file).orElse(null);
            if (eq < 0 || present == null) {
                io.err.append("set_sysctls.py: cannot set ").append(arg).append('\n');
                return 1;
            }
            restore.append("echo \"").append(present.strip()).append("\" > ");
            restore.append(file).append('\n');
            shell.files()
                    .write(file, arg.substring(eq + 1) + "\n", false)
                    .ifPresent(message -> io.err.append(message).append('\n'));
        }
        String name = "/tmp/sysctl_restore_" + shell.variable("PACKETDRILL_PID") + ".sh";
        shell.files().write(name, restore.toString(), false);
        return io.err.isEmpty() ? 0 : 1;
    }

    /// `ethtool -K DEV tso off gso off gro off …`.
    private int ethtool(List<String> args, ShellIo io) {
        NetDevice device = args.size() < 2 ? null : host.net().devices.byName(args.get(1));
        if (device == null || !args.getFirst().equals("-K") || args.size() % 2 != 0) {
            io.err.append("ethtool: only 'ethtool -K DEV FEATURE on|off …'\n");
            return 1;
        }
        for (int i = 2; i + 1 < args.size(); i += 2) {
            int bits =
                    switch (args.get(i)) {
                        case "tso", "tcp-segmentation-offload" ->
                                NetDevice.F_TSO | NetDevice.F_TSO6 | NetDevice.F_TSO_ECN;
                        case "gso" -> NetDevice.F_GSO;
                        case "gro" -> NetDevice.F_GRO;
                        case "tx" -> NetDevice.F_HW_CSUM;
                        case "rx" -> 0;
                        default -> -1;
                    };
            if (bits == -1) {
                io.err.append("ethtool: unknown feature ").append(args.get(i)).append('\n');
                return 1;
            }
            boolean on = args.get(i + 1).equals("on");
            device.features = on ? device.features | bits : device.features & ~bits;
        }
        return 0;
    }
}
