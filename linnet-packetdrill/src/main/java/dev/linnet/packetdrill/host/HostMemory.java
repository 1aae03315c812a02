package dev.linnet.packetdrill.host;

import dev.linnet.host.NativeMemory;
import dev.linnet.packetdrill.target.UserMemory;

/// The memory of this process.
record HostMemory(NativeMemory memory) implements UserMemory {
    @Override
    public long allocate(int bytes) {
        return memory.allocate(bytes);
    }

    @Override
    public void write(long address, byte[] bytes) {
        memory.put(address, bytes);
    }

    @Override
    public byte[] read(long address, int length) {
        return memory.get(address, length);
    }
}
