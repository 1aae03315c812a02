/// Everything native, through the foreign function interface: TUN/TAP, packet sockets, the host kernel's system calls.
module dev.linnet.host {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.wire;
}
