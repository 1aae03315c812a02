/// Packets as bytes: made from what a script writes, taken apart when the kernel sends them,
/// printed in the script's notation.
///
/// [Packet] is one IP datagram with the places of its headers; [PacketBuilder] makes one from a
/// [dev.linnet.packetdrill.script.PacketSpec] and keeps in [ScriptPacket] what the script left
/// open; [PacketText] prints. All header access goes through `dev.linnet.wire`.
@NullMarked
package dev.linnet.packetdrill.packet;

import org.jspecify.annotations.NullMarked;
