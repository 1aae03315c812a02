/// Everything native, through the foreign function interface: TUN and TAP devices, network
/// interfaces and namespaces of the host, and the host kernel's system calls as an oracle.
///
/// Knows nothing of Linnet's engine, so that the engine's own tests can ask the host. Needs
/// `--enable-native-access=dev.linnet.host`.
module dev.linnet.host {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports dev.linnet.host;
}
