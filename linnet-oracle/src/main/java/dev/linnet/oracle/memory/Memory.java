package dev.linnet.oracle.memory;

/// The memory of the process that makes the calls. Behind each piece there is none.
public interface Memory {
    /// A piece of zeros; the byte after its last one cannot be accessed.
    long allocate(int bytes);

    void write(long address, byte[] bytes);

    byte[] read(long address, int length);
}
