/// packetdrill on the JVM: parser, interpreter, and the targets linnet and host.
module dev.linnet.packetdrill {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.host;
    requires dev.linnet.wire;
    requires org.antlr.antlr4.runtime;
}
