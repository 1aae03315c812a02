/// The function tracer: what the stack does, by the kernel names of its functions.
module dev.linnet.trace {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive dev.linnet.engine;
    requires java.instrument;

    exports dev.linnet.trace;
}
