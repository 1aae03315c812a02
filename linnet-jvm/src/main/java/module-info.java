/// Unmodified JVM programs on Linnet: the providers of `java.nio` and `java.net`.
module dev.linnet.jvm {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires transitive dev.linnet.engine;
    requires transitive jdk.net;
    requires dev.linnet.wire;

    exports dev.linnet.jvm;
    exports dev.linnet.jvm.async;
    exports dev.linnet.jvm.net;
    exports dev.linnet.jvm.nio;

    provides java.net.spi.InetAddressResolverProvider with
            dev.linnet.jvm.net.LinnetResolverProvider;
}
