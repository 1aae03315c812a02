package dev.linnet.host;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/// `struct ifreq`: an interface name and sixteen or more bytes of argument, as the interface ioctls
/// take and fill it in.
final class Ifreq implements AutoCloseable {
    private static final int BYTES = 40;
    private static final int ARGUMENT = 16;
    private static final int AF_INET = 2;

    private final NativeMemory memory = new NativeMemory();
    private final long address = memory.allocate(BYTES);

    Ifreq(String name) {
        memory.put(address, bytes(name));
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /// Passes this structure to an ioctl.
    ///
    /// @return the ioctl's result or `-errno`
    long ioctl(int fd, int request) {
        return HostSyscalls.syscall(Nr.IOCTL, fd, Integer.toUnsignedLong(request), address);
    }

    /// The name, which an ioctl may have completed.
    String name() {
        byte[] field = memory.get(address, ARGUMENT);
        int length = 0;
        while (length < field.length && field[length] != 0) {
            length++;
        }
        return new String(field, 0, length, StandardCharsets.UTF_8);
    }

    short shortValue() {
        return memory.getShort(address + ARGUMENT);
    }

    Ifreq shortValue(int value) {
        memory.putShort(address + ARGUMENT, value);
        return this;
    }

    int intValue() {
        return memory.getInt(address + ARGUMENT);
    }

    Ifreq intValue(int value) {
        memory.putInt(address + ARGUMENT, value);
        return this;
    }

    /// The argument as a `sockaddr`: family, then fourteen bytes.
    byte[] sockaddr() {
        return memory.get(address + ARGUMENT, 16);
    }

    Ifreq sockaddrIn(InetAddress inet) {
        putSockaddrIn(memory, address + ARGUMENT, inet);
        return this;
    }

    /// Writes a `struct sockaddr_in` with port 0.
    static void putSockaddrIn(NativeMemory memory, long address, InetAddress inet) {
        memory.putShort(address, AF_INET);
        memory.putShort(address + 2, 0);
        memory.put(address + 4, inet.getAddress());
    }

    @Override
    public void close() {
        memory.close();
    }
}
