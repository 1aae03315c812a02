/// Virtual networks in virtual time: hosts, links with impairments, and the JUnit extension.
module dev.linnet.sim {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.wire;
}
