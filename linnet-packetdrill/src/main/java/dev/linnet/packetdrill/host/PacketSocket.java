package dev.linnet.packetdrill.host;

import dev.linnet.host.HostSyscalls;
import dev.linnet.host.NativeMemory;
import dev.linnet.host.Nr;
import dev.linnet.packetdrill.target.Target.Captured;
import dev.linnet.packetdrill.target.TargetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Sees what the kernel sends into a device, with the time at which it did: an AF_PACKET socket, as
/// tcpdump uses it. For one thread.
final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int ETH_P_ALL_BIG_ENDIAN = 0x0300;
    private static final int PACKET_OUTGOING = 4;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int SLL_PKTTYPE = 10;

    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SIOCGSTAMPNS = 0x8907;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short POLLIN = 1;

    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
    private static final int MAX_PACKET_BYTES = 65535 + 64;
    private static final long EAGAIN = -11;

    private final NativeMemory memory;
    private final int fd;
    private final long buffer;
    private final long address;
    private final long addressLength;
    private final long pollfd;
    private final long timespec;

    PacketSocket(NativeMemory memory, int interfaceIndex) {
        this.memory = memory;
        buffer = memory.allocate(MAX_PACKET_BYTES);
        address = memory.allocate(SOCKADDR_LL_BYTES);
        addressLength = memory.allocate(4);
        pollfd = memory.allocate(8);
        timespec = memory.allocate(16);
        fd =
                (int)
                        check(
                                "packet socket",
                                HostSyscalls.syscall(
                                        Nr.SOCKET,
                                        AF_PACKET,
                                        SOCK_RAW_CLOEXEC,
                                        ETH_P_ALL_BIG_ENDIAN));
        bind(interfaceIndex);
        long size = memory.allocate(4);
        memory.putInt(size, RECEIVE_BUFFER_BYTES);
        HostSyscalls.syscall(Nr.SETSOCKOPT, fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4);
        // The first request turns time stamps on, which takes a while; it finds none (ENOENT).
        HostSyscalls.syscall(Nr.IOCTL, fd, SIOCGSTAMPNS, timespec);
        memory.putInt(pollfd, fd);
        memory.putShort(pollfd + 4, POLLIN);
    }

    private void bind(int interfaceIndex) {
        ByteBuffer sll = ByteBuffer.allocate(SOCKADDR_LL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        sll.putShort((short) AF_PACKET).putShort((short) ETH_P_ALL_BIG_ENDIAN);
        sll.putInt(interfaceIndex);
        long sockaddr = memory.allocate(sll.array());
        check("bind packet socket", HostSyscalls.syscall(Nr.BIND, fd, sockaddr, SOCKADDR_LL_BYTES));
    }

    private static long check(String what, long result) {
        if (result < 0) {
            throw new TargetException(what + ": errno " + -result);
        }
        return result;
    }

    /// The next packet that the kernel sends, waiting until `deadlineUsecs`; null if there is none.
    @Nullable Captured next(long deadlineUsecs) {
        while (true) {
            Captured captured = receive();
            if (captured != null) {
                return captured;
            }
            long left = deadlineUsecs - HostClock.nowUsecs();
            if (left <= 0) {
                return null;
            }
            memory.putLong(timespec, left / 1_000_000);
            memory.putLong(timespec + 8, left % 1_000_000 * 1_000);
            HostSyscalls.syscall(Nr.PPOLL, pollfd, 1, timespec, 0);
        }
    }

    /// Takes packets until one is outgoing; null if there is no more.
    private @Nullable Captured receive() {
        while (true) {
            memory.putInt(addressLength, SOCKADDR_LL_BYTES);
            long length =
                    HostSyscalls.syscall(
                            Nr.RECVFROM,
                            fd,
                            buffer,
                            MAX_PACKET_BYTES,
                            MSG_DONTWAIT,
                            address,
                            addressLength);
            if (length == EAGAIN) {
                return null;
            }
            check("receive from packet socket", length);
            if (memory.getByte(address + SLL_PKTTYPE) == PACKET_OUTGOING) {
                check("SIOCGSTAMPNS", HostSyscalls.syscall(Nr.IOCTL, fd, SIOCGSTAMPNS, timespec));
                long usecs =
                        memory.getLong(timespec) * 1_000_000 + memory.getLong(timespec + 8) / 1_000;
                return new Captured(memory.get(buffer, (int) length), usecs);
            }
        }
    }

    @Override
    public void close() {
        HostSyscalls.syscall(Nr.CLOSE, fd);
    }
}
