/// Benchmarks: the stack beside the kernel, in one run.
module dev.linnet.bench {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires dev.linnet.engine;
    requires dev.linnet.host;
    requires dev.linnet.wire;
}
