package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.script.Event.Direction;

/// Takes every packet of a run, as bytes on the device.
public interface PacketListener {
    /// @param scriptUsecs when it was injected or sent, since the start of the script
    void packet(Direction direction, byte[] datagram, long scriptUsecs);
}
