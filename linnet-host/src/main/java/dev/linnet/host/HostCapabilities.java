package dev.linnet.host;

import java.util.Objects;

/// What this process may do on this host, found by trying it once, harmlessly.
///
/// For tests and start-up checks. A test that needs TUN says so when it is skipped:
/// `assumeTrue(HostCapabilities.canUseTun(), HostCapabilities.tun().reason())`, or
/// `@EnabledIf("dev.linnet.host.HostCapabilities#canUseTun")`.
public final class HostCapabilities {
    static final String NET_ADMIN_ADVICE =
            "needs CAP_NET_ADMIN: run as root, or create the device for your user beforehand"
                    + " (ip tuntap add NAME mode tun user YOU)";
    static final String SYS_ADMIN_ADVICE = "needs CAP_SYS_ADMIN: run as root";

    private HostCapabilities() {}

    /// The results, each found when first asked for.
    private static final class Namespaces {
        static final HostCapability FOUND = tryNamespace();
    }

    private static final class Tun {
        static final HostCapability FOUND = tryTun();
    }

    /// Whether [HostNamespace#create] works.
    public static HostCapability namespaces() {
        return Namespaces.FOUND;
    }

    /// Whether [TunDevice#open] works in a namespace of one's own.
    public static HostCapability tun() {
        return Tun.FOUND;
    }

    /// [#namespaces] as a condition.
    public static boolean canUseNamespaces() {
        return namespaces().available();
    }

    /// [#tun] as a condition.
    public static boolean canUseTun() {
        return tun().available();
    }

    static HostCapability tryNamespace() {
        try (HostNamespace _ = HostNamespace.create()) {
            return HostCapability.AVAILABLE;
        } catch (HostException e) {
            return HostCapability.missing(reason(e));
        }
    }

    /// In a namespace of its own, so that nobody sees the device come and go.
    static HostCapability tryTun() {
        if (!canUseNamespaces()) {
            return namespaces();
        }
        try (HostNamespace namespace = HostNamespace.create()) {
            namespace.call(HostCapabilities::openTun).close();
            return HostCapability.AVAILABLE;
        } catch (Exception e) {
            return HostCapability.missing(reason(e));
        }
    }

    private static String reason(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    private static TunDevice openTun() throws HostException {
        return TunDevice.open(TunConfig.tun(""));
    }
}
