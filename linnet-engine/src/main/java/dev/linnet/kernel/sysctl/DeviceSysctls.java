package dev.linnet.kernel.sysctl;

/// The knobs of one device for one address family.
///
/// @param conf `net.FAMILY.conf.NAME`
/// @param neigh `net.FAMILY.neigh.NAME`
public record DeviceSysctls(DevConf conf, DevConf neigh) {}
