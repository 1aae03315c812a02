/// Everything native, through the foreign function interface: TUN/TAP, packet sockets, and the host
/// kernel's system calls.
module dev.linnet.host {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.wire;

    exports dev.linnet.host;
}
