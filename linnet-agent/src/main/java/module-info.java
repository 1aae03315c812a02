/// The agent that puts unmodified programs on Linnet, and the options of their network.
module dev.linnet.jvm.agent {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires java.instrument;
    requires transitive dev.linnet.jvm;
    requires transitive dev.linnet.engine;
    requires dev.linnet.host;
    requires dev.linnet.sim;
    requires dev.linnet.tun;
    requires dev.linnet.wire;

    exports dev.linnet.jvm.agent;
    exports dev.linnet.jvm.boot;
    exports dev.linnet.jvm.config;
}
