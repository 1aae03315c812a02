package dev.linnet.packetdrill.host;

import dev.linnet.host.Cidr;
import dev.linnet.host.HostException;
import dev.linnet.host.HostInterface;
import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;
import dev.linnet.host.TunConfig;
import dev.linnet.host.TunDevice;
import dev.linnet.host.TunQueue;
import dev.linnet.host.VnetHeader;
import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.target.PendingSyscall;
import dev.linnet.packetdrill.target.Target;
import dev.linnet.packetdrill.target.TargetException;
import dev.linnet.packetdrill.target.UserMemory;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The kernel of this machine, in a network namespace with `lo` and `tun0`.
final class HostTarget implements Target {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int CLONE_NEWNS = 0x20000;
    private static final int DEFAULT_MTU = 1500;
    private static final String DEVICE = "tun0";

    /// How long a packet that was seen may take to arrive in the device's queue.
    private static final long QUEUE_NANOS = 2_000_000;

    private final NativeMemory memory = new NativeMemory();
    private final HostMemory userMemory = new HostMemory(memory);
    private final HostClock clock = new HostClock(memory);
    private final TunDevice tun;
    private final PacketSocket sniffer;
    private final SyscallThread syscallThread;
    private final LinkMounts links;
    private final CommandShell shell;
    private final byte[] frame = new byte[TunQueue.PACKET_BYTES_MAX];

    /// Packets seen, less those that were taken out of the device.
    private int unread;

    /// Moves the calling thread into a new namespace, for good, and sets it up.
    HostTarget(Config config, Path directory) {
        long unshared = HostSyscalls.syscall(Nr.UNSHARE, CLONE_NEWNET | CLONE_NEWNS);
        if (unshared < 0) {
            throw new TargetException(
                    "cannot make a network namespace (errno "
                            + -unshared
                            + "): the target host needs root, or CAP_SYS_ADMIN and CAP_NET_ADMIN");
        }
        try {
            HostInterface lo = HostInterface.open("lo");
            lo.up();
            lo.close();
            links = new LinkMounts(directory);
            shell = new CommandShell(directory);
            tun = device(config);
            sniffer = new PacketSocket(memory, tun.link().index());
        } catch (HostException e) {
            throw new TargetException(String.valueOf(e.getMessage()), e);
        }
        syscallThread = new SyscallThread(memory);
        RealTime.enter(memory);
    }

    private TunDevice device(Config config) throws HostException {
        TunDevice device = TunDevice.open(TunConfig.tun(DEVICE));
        HostInterface link = device.link();
        if (config.mtu() != DEFAULT_MTU) {
            link.setMtu(config.mtu());
        }
        link.up();
        if (!config.anyIp()) {
            link.addAddress(Cidr.parse(config.localIp() + "/" + config.prefixLength()));
        }
        if (config.speedMbps().isPresent()) {
            run("ethtool -s " + DEVICE + " speed " + config.speedMbps().get() + " autoneg off");
        }
        route(config, link);
        return device;
    }

    private void route(Config config, HostInterface link) throws HostException {
        Cidr remote = Cidr.parse(config.remotePrefix());
        if (config.anyIp()) {
            link.addRoute(remote);
        } else {
            link.addRoute(remote, InetAddress.ofLiteral(config.gatewayIp().toString()));
        }
    }

    private void run(String command) {
        StringBuilder output = new StringBuilder();
        int status = shell.run(command, line -> output.append(line).append('\n'));
        if (status != 0) {
            throw new TargetException("'" + command + "' failed: " + output);
        }
    }

    @Override
    public long syscall(int nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        return HostSyscalls.syscall(nr, a0, a1, a2, a3, a4, a5);
    }

    @Override
    public PendingSyscall start(int nr, long a0, long a1, long a2, long a3, long a4, long a5) {
        return syscallThread.start(nr, a0, a1, a2, a3, a4, a5);
    }

    @Override
    public UserMemory memory() {
        return userMemory;
    }

    @Override
    public long awaitStart() {
        drain();
        unread = 0; // what came before the script is in nobody's way
        return clock.afterTick();
    }

    @Override
    public long nowUsecs() {
        return HostClock.nowUsecs();
    }

    @Override
    public void sleepUntil(long usecs) {
        clock.sleepUntil(usecs);
    }

    @Override
    public void inject(byte[] datagram, int segmentBytes) {
        boolean v6 = datagram[0] >>> 4 == 6;
        int gsoType = v6 ? VnetHeader.GSO_TCPV6 : VnetHeader.GSO_TCPV4;
        int type = segmentBytes > 0 ? gsoType : VnetHeader.GSO_NONE;
        VnetHeader.put(frame, 0, 0, type, 0, segmentBytes, 0, 0);
        System.arraycopy(datagram, 0, frame, VnetHeader.SIZE, datagram.length);
        int result = tun.queue(0).write(frame, 0, VnetHeader.SIZE + datagram.length);
        if (result < 0) {
            throw new TargetException("cannot inject a packet: errno " + -result);
        }
    }

    @Override
    public @Nullable Captured capture(long deadlineUsecs) {
        Captured captured = sniffer.next(deadlineUsecs);
        if (captured != null) {
            unread++;
            drain();
        }
        return captured;
    }

    /// Takes the packets out of the device, at least as many as were seen: the kernel looks at
    /// whether a packet still hangs in a queue before it sends it again or merges it with another.
    private void drain() {
        TunQueue queue = tun.queue(0);
        while (true) {
            if (queue.read(frame, 0, frame.length) >= 0) {
                unread--;
            } else if (unread <= 0 || !queue.awaitReadable(QUEUE_NANOS)) {
                return;
            }
        }
    }

    @Override
    public int shell(String commandLine, Consumer<String> output) {
        links.mount(commandLine);
        return shell.run(commandLine, output);
    }

    @Override
    public void close() {
        boolean idle = syscallThread.end();
        sniffer.close();
        tun.close();
        shell.close();
        if (idle) {
            memory.close();
        }
    }
}
