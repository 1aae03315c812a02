/// The stack itself: Linux's socket layer and TCP/IP, from devices to system calls.
module dev.linnet.engine {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.wire;
}
