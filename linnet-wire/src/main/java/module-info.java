/// Wire formats: header accessors, checksums, pcapng and one-line printers. Pure; knows no stack.
module dev.linnet.wire {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports dev.linnet.wire;
    exports dev.linnet.wire.pcapng;
}
