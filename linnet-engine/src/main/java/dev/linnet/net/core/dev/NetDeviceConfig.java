package dev.linnet.net.core.dev;

/// What a driver says of a device when it registers it.
///
/// @param name interface name, 1 to 15 characters without `/`, `:` or white space
/// @param type `ARPHRD_*`
/// @param devAddr hardware address, empty where the link has none
/// @param flags `IFF_*`, without `IFF_UP`
/// @param features `F_*` of [NetDevice]
/// @param mtu in bytes
public record NetDeviceConfig(
        String name,
        NetDeviceOps ops,
        int type,
        byte[] devAddr,
        int flags,
        int features,
        int mtu) {}
