/// The `linnet` command.
module dev.linnet.cli {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.host;
    requires dev.linnet.jvm.agent;
    requires dev.linnet.oracle;
    requires dev.linnet.packetdrill;
    requires dev.linnet.sim;
    requires dev.linnet.trace;
    requires dev.linnet.tun;
    requires dev.linnet.wire;
    requires info.picocli;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.transport;
    requires org.jline;

    // picocli fills the fields of the commands.
    opens dev.linnet.cli to
            info.picocli;
    opens dev.linnet.cli.demo to
            info.picocli;
}
