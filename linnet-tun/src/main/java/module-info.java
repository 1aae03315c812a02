/// The TUN and TAP devices of Linux as devices of a stack.
module dev.linnet.tun {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive dev.linnet.engine;
    requires dev.linnet.host;
    requires dev.linnet.wire;

    exports dev.linnet.tun;
}
