/// Facts about system calls, as data, run on Linnet and on the host's kernel.
module dev.linnet.oracle {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.host;
    requires dev.linnet.packetdrill;
    requires dev.linnet.wire;

    exports dev.linnet.oracle;
}
