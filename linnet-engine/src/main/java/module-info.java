/// The stack itself: Linux's socket layer and TCP/IP, from devices to system calls.
module dev.linnet.engine {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.wire;

    exports dev.linnet.hook;
    exports dev.linnet.stack;
    exports dev.linnet.uapi;

    // For the other modules of Linnet, which look inside; not for applications.
    exports dev.linnet.kernel to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.oracle,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.kernel.mib to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.kernel.sched to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.oracle,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.kernel.time to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.oracle,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.kernel.trace to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.core to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.oracle,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.core.dev to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.core.filter to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.core.skb to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.core.sock to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.inet to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.tcp to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.syscall to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.oracle,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.kernel.mm to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.kernel.sysctl to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.ipv4 to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.ipv6 to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.net.udp to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.fs.hostfs to
            dev.linnet.packetdrill;
    exports dev.linnet.fs to
            dev.linnet.sim,
            dev.linnet.tun,
            dev.linnet.trace,
            dev.linnet.packetdrill,
            dev.linnet.oracle,
            dev.linnet.jvm,
            dev.linnet.jvm.agent,
            dev.linnet.cli,
            dev.linnet.bench;
    exports dev.linnet.fs.proc to
            dev.linnet.packetdrill;
    exports dev.linnet.proc to
            dev.linnet.packetdrill;
}
