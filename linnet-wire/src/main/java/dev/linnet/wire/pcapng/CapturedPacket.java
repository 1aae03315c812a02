package dev.linnet.wire.pcapng;

import org.jspecify.annotations.Nullable;

/// A packet of a capture file.
///
/// @param interfaceId number of the interface within its section, from 0
/// @param iface the interface itself
/// @param timestampNs nanoseconds since 1970; 0 for a simple packet block, which has no time
/// @param direction which way it went
/// @param originalBytes the packet's length on the wire, unsigned in the file; may be more than was
///     kept
/// @param data the bytes that were kept
/// @param comment the first comment, if there is one
public record CapturedPacket(
        int interfaceId,
        PcapngInterface iface,
        long timestampNs,
        Direction direction,
        int originalBytes,
        byte[] data,
        @Nullable String comment) {}
