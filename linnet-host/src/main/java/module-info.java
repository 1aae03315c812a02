/// Everything native: TUN/TAP, packet sockets and system calls of the host kernel.
module dev.linnet.host {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.wire;
}
