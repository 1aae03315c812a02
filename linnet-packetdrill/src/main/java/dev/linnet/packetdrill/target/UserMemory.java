package dev.linnet.packetdrill.target;

/// The memory that system calls see, by address. Address 0 is NULL; an address that was not
/// allocated is a fault for the kernel and a bug for whoever reads it here.
public interface UserMemory {
    /// Allocates zeroed memory; it stays until the target closes.
    ///
    /// @return its address, aligned for any structure
    long allocate(int bytes);

    /// Copies bytes into it.
    void write(long address, byte[] bytes);

    /// Copies bytes out of it.
    byte[] read(long address, int length);

    /// Allocates memory that holds these bytes.
    default long allocate(byte[] content) {
        long address = allocate(content.length);
        write(address, content);
        return address;
    }
}
