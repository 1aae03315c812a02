package dev.linnet.host;

import java.util.ArrayList;
import java.util.List;

/// A TUN or TAP device of the host: what the host sends into the interface is read here, and what
/// is written here arrives at the host as if from a wire.
///
/// The device belongs to the network namespace of the thread that opens it, and keeps that alive;
/// afterwards any thread may use it. It disappears with [#close], unless it existed before and is
/// persistent (`ip tuntap add`), in which case it is only let go. It is created down and without
/// addresses: see [#link].
///
/// Source: `drivers/net/tun.c`, `linux/if_tun.h`.
public final class TunDevice implements AutoCloseable {
    /// Checksum offload, the bit `TUN_F_CSUM` of [#offloads].
    public static final int F_CSUM = 0x01;

    /// TCP over IPv4 longer than the MTU.
    public static final int F_TSO4 = 0x02;

    /// TCP over IPv6 longer than the MTU.
    public static final int F_TSO6 = 0x04;

    /// TCP segmentation also for segments with ECN bits.
    public static final int F_TSO_ECN = 0x08;

    /// UDP segmentation over IPv4.
    public static final int F_USO4 = 0x20;

    /// UDP segmentation over IPv6.
    public static final int F_USO6 = 0x40;

    private static final String CLONE_DEVICE = "/dev/net/tun";

    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;

    private static final int IFF_MULTI_QUEUE = 0x0100;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private static final int TUNSETIFF = 0x400454ca;
    private static final int TUNSETOFFLOAD = 0x400454d0;
    private static final int TUNSETVNETHDRSZ = 0x400454d8;
    private static final int TUNSETVNETLE = 0x400454dc;

    /// Offload sets from the best to none: USO came with 6.2, ECN and IPv6 long before.
    private static final int[] OFFLOAD_SETS = {
        F_CSUM | F_TSO4 | F_TSO6 | F_TSO_ECN | F_USO4 | F_USO6,
        F_CSUM | F_TSO4 | F_TSO6 | F_TSO_ECN,
        F_CSUM | F_TSO4 | F_TSO6,
        F_CSUM,
        0
    };

    private final TunConfig config;
    private final HostInterface link;
    private final int offloads;
    private final List<TunQueue> queues;

    private TunDevice(TunConfig config, HostInterface link, int offloads, List<TunQueue> queues) {
        this.config = config;
        this.link = link;
        this.offloads = offloads;
        this.queues = List.copyOf(queues);
    }

    /// Creates a device in the calling thread's network namespace, or attaches to an existing
    /// persistent one of the same kind.
    ///
    /// @throws HostException with `ENOENT` where the host has no TUN driver; `EACCES` or `EPERM`
    ///     without the right to create devices; `EBUSY` when another program holds the device;
    ///     `EINVAL` when the name belongs to an interface of another kind
    public static TunDevice open(TunConfig config) throws HostException {
        return open(config, CLONE_DEVICE);
    }

    static TunDevice open(TunConfig config, String cloneDevice) throws HostException {
        List<Integer> fds = new ArrayList<>();
        try {
            String name = config.name();
            for (int i = 0; i < config.queues(); i++) {
                int fd = openClone(cloneDevice);
                fds.add(fd);
                name = attach(fd, name, config);
            }
            int offloads = config.vnetHeader() ? enableOffloads(fds.getFirst()) : 0;
            return assemble(config, name, offloads, fds);
        } catch (HostException | RuntimeException e) {
            fds.forEach(HostSyscalls::close);
            throw e;
        }
    }

    /// Wraps the descriptors into queues, which own them from then on.
    private static TunDevice assemble(
            TunConfig config, String name, int offloads, List<Integer> fds) throws HostException {
        HostInterface link = HostInterface.open(name);
        List<TunQueue> queues = new ArrayList<>();
        try {
            while (!fds.isEmpty()) {
                queues.add(TunQueue.open(fds.getFirst()));
                fds.removeFirst();
            }
        } catch (HostException | RuntimeException e) {
            queues.forEach(TunQueue::close);
            link.close();
            throw e;
        }
        return new TunDevice(config, link, offloads, queues);
    }

    private static int openClone(String path) throws HostException {
        int fd = HostSyscalls.open(path, O_RDWR | O_NONBLOCK);
        if (fd >= 0) {
            return fd;
        }
        throw HostException.of("open " + path, fd, openAdvice(-fd));
    }

    private static String openAdvice(int errno) {
        return switch (errno) {
            case HostErrno.ENOENT, HostErrno.ENXIO, HostErrno.ENODEV ->
                    "this host has no TUN driver: load the module 'tun', or give the container the"
                            + " device (--device /dev/net/tun)";
            case HostErrno.EACCES, HostErrno.EPERM -> HostCapabilities.NET_ADMIN_ADVICE;
            default -> "";
        };
    }

    /// Attaches a descriptor to the device, creating it when it is the first.
    ///
    /// @return the device's name, completed by the kernel
    private static String attach(int fd, String name, TunConfig config) throws HostException {
        int flags = config.kind().flag | IFF_NO_PI;
        flags |= config.vnetHeader() ? IFF_VNET_HDR : 0;
        flags |= config.queues() > 1 ? IFF_MULTI_QUEUE : 0;
        try (Ifreq ifreq = new Ifreq(name)) {
            long result = ifreq.shortValue(flags).ioctl(fd, TUNSETIFF);
            if (result < 0) {
                throw HostException.of(
                        "create device '" + name + "'", result, attachAdvice((int) -result, name));
            }
            return ifreq.name();
        }
    }

    private static String attachAdvice(int errno, String name) {
        return switch (errno) {
            case HostErrno.EPERM -> HostCapabilities.NET_ADMIN_ADVICE;
            case HostErrno.EBUSY -> "another program holds '" + name + "': choose another name";
            case HostErrno.EINVAL ->
                    "'"
                            + name
                            + "' exists and is not such a device (another kind, or with or without"
                            + " queues): choose another name";
            default -> "";
        };
    }

    /// Fixes the header's size and byte order and turns on the best set of offloads.
    private static int enableOffloads(int fd) throws HostException {
        try (NativeMemory memory = new NativeMemory()) {
            long word = memory.allocate(4);
            memory.putInt(word, VnetHeader.SIZE);
            HostException.check("TUNSETVNETHDRSZ", ioctl(fd, TUNSETVNETHDRSZ, word));
            memory.putInt(word, 1);
            HostException.check("TUNSETVNETLE", ioctl(fd, TUNSETVNETLE, word));
        }
        long result = 0;
        for (int set : OFFLOAD_SETS) {
            result = ioctl(fd, TUNSETOFFLOAD, set);
            if (result >= 0) {
                return set;
            }
        }
        throw HostException.of("TUNSETOFFLOAD", result);
    }

    private static long ioctl(int fd, int request, long argument) {
        return HostSyscalls.syscall(Nr.IOCTL, fd, request, argument);
    }

    /// The device's name, as the kernel completed it.
    public String name() {
        return link.name();
    }

    public TunConfig.Kind kind() {
        return config.kind();
    }

    /// Whether packets are preceded by a [VnetHeader], in both directions.
    public boolean hasVnetHeader() {
        return config.vnetHeader();
    }

    /// What the host may leave undone in the packets it sends into the device, a set of `F_` bits.
    /// What is written to the device may always use what its [VnetHeader] can say.
    public int offloads() {
        return offloads;
    }

    /// The queues, at least one.
    public List<TunQueue> queues() {
        return queues;
    }

    public TunQueue queue(int index) {
        return queues.get(index);
    }

    /// The host's side of the device: up and down, addresses, MTU. Usable from any thread, it stays
    /// in the device's namespace.
    public HostInterface link() {
        return link;
    }

    /// Wakes all readers and closes the device. Idempotent.
    @Override
    public void close() {
        queues.forEach(TunQueue::close);
        link.close();
    }
}
