/// packetdrill on the JVM: parser, interpreter, and the targets linnet and host.
module dev.linnet.packetdrill {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.host;
    requires dev.linnet.wire;
    requires java.xml;
    requires org.antlr.antlr4.runtime;

    exports dev.linnet.packetdrill;
    exports dev.linnet.packetdrill.host;
    exports dev.linnet.packetdrill.linnet;
    exports dev.linnet.packetdrill.packet;
    exports dev.linnet.packetdrill.script;
    exports dev.linnet.packetdrill.syscall to
            dev.linnet.oracle;
    exports dev.linnet.packetdrill.target;
}
