/// A JUnit extension that gives a test hosts, links and names of its own.
module dev.linnet.junit {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive dev.linnet.engine;
    requires transitive dev.linnet.jvm;
    requires transitive dev.linnet.sim;
    requires transitive org.junit.jupiter.api;
    requires dev.linnet.wire;
    requires org.junit.platform.commons;

    exports dev.linnet.junit;
}
