/// The stack itself: Linux's socket layer and TCP/IP, from devices to system calls.
module dev.linnet.engine {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.wire;

    exports dev.linnet.uapi;

    // For the other modules of Linnet, which may look inside; not for applications.
    exports dev.linnet.kernel to
            dev.linnet.sim,
            dev.linnet.packetdrill,
            dev.linnet.jvm,
            dev.linnet.cli;
}
