/// Virtual networks in virtual time: hosts, links with impairments, and the JUnit extension.
module dev.linnet.sim {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive dev.linnet.engine;
    requires dev.linnet.wire;

    exports dev.linnet.sim;
}
