package dev.linnet.packetdrill.packet;

import dev.linnet.packetdrill.script.PacketSpec;
import java.util.Optional;

/// A packet of a script as bytes, and what the script leaves open.
///
/// Sequence numbers, ports and addresses are those of the script; where the script names none they
/// are 0.
///
/// @param windowChecked false if any window will do
/// @param optionsChecked false if any TCP options will do (`<...>`)
/// @param aceNumber the AccECN bits were given as a number and are compared as one
/// @param tosCheck how much of the TOS byte is compared
/// @param ttl the TTL or hop limit to expect, if named
public record ScriptPacket(
        Packet packet,
        boolean windowChecked,
        boolean optionsChecked,
        boolean aceNumber,
        PacketSpec.TosCheck tosCheck,
        Optional<Integer> ttl) {}
