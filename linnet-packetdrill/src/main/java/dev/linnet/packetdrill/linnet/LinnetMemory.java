package dev.linnet.packetdrill.linnet;

import dev.linnet.packetdrill.target.UserMemory;
import dev.linnet.syscall.UserSpace;

/// The memory of the script's process on the stack.
final class LinnetMemory implements UserMemory {
    final UserSpace space = new UserSpace();

    @Override
    public long allocate(int bytes) {
        return space.allocate(bytes);
    }

    @Override
    public void write(long address, byte[] bytes) {
        if (!space.write(address, bytes, bytes.length)) {
            throw new IllegalArgumentException("no memory at address " + address);
        }
    }

    @Override
    public byte[] read(long address, int length) {
        byte[] bytes = space.read(address, length);
        if (bytes == null) {
            throw new IllegalArgumentException("no memory at address " + address);
        }
        return bytes;
    }
}
