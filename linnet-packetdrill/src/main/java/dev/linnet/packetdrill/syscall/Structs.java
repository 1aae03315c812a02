package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.target.UserMemory;
import dev.linnet.wire.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Structures of the system call interface, as bytes.
final class Structs {
    static final int AF_UNSPEC = 0;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /// `sizeof(struct sockaddr_storage)`.
    static final int SOCKADDR_STORAGE_BYTES = 128;

    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int IOVEC_BYTES = 16;

    private Structs() {}

    /// An empty buffer in the byte order of x86.
    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Bytes that a call wrote, to be read in the byte order of x86.
    static ByteBuffer read(UserMemory memory, long address, int bytes) {
        return ByteBuffer.wrap(memory.read(address, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// All bytes of a buffer.
    static byte[] bytes(ByteBuffer buffer) {
        byte[] all = new byte[buffer.capacity()];
        buffer.get(0, all);
        return all;
    }

    static byte[] int32(int value) {
        return bytes(buffer(4).putInt(value));
    }

    static byte[] int64(long value) {
        return bytes(buffer(8).putLong(value));
    }

    /// `struct sockaddr_in` or `sockaddr_in6`.
    static byte[] sockaddr(IpAddress ip, int port) {
        byte[] bytes = new byte[ip.v6() ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES];
        bytes[0] = (byte) (ip.v6() ? AF_INET6 : AF_INET);
        Bytes.u16(bytes, 2, port);
        byte[] address = ip.bytes();
        System.arraycopy(address, 0, bytes, ip.v6() ? 8 : 4, address.length);
        return bytes;
    }

    /// The address in a `sockaddr` that the kernel wrote.
    static IpAddress ip(byte[] sockaddr) {
        return switch (Structs.family(sockaddr)) {
            case AF_INET -> IpAddress.v4(Bytes.u32(sockaddr, 4));
            case AF_INET6 -> new IpAddress(true, Bytes.u64(sockaddr, 8), Bytes.u64(sockaddr, 16));
            default -> IpAddress.NONE;
        };
    }

    static int family(byte[] sockaddr) {
        return Bytes.u8(sockaddr, 0) | Bytes.u8(sockaddr, 1) << 8;
    }

    static int port(byte[] sockaddr) {
        return Bytes.u16(sockaddr, 2);
    }

    /// `{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.0.2.1")}`; the family may
    /// be AF_INET6 with `inet_addr` of an IPv6 address.
    static byte[] sockaddr(Expression.Struct struct) {
        Expression port = struct.get("sin_port");
        Expression address = struct.get("sin_addr");
        if (port == null
                || !(address instanceof Expression.Call call)
                || call.args().size() != 1
                || !(call.args().getFirst() instanceof Expression.StringLiteral text)) {
            throw new EventFailure(
                    "sockaddr needs sa_family, sin_port and sin_addr=inet_addr(\"…\")");
        }
        int hostOrder = Short.toUnsignedInt(Short.reverseBytes((short) Evaluator.int32(port)));
        return sockaddr(Evaluator.address(text), hostOrder);
    }

    /// An array of `struct iovec` and its buffers.
    ///
    /// @return the address of the array
    static long iovec(UserMemory memory, List<Expression> elements) {
        ByteBuffer array = buffer(IOVEC_BYTES * elements.size());
        for (Expression element : elements) {
            List<Expression.Field> fields = CallArgs.struct(element).fields();
            if (fields.size() != 2 || !(fields.getFirst().value() instanceof Expression.Ellipsis)) {
                throw new EventFailure("iovec is {..., length}");
            }
            int length = Evaluator.int32(fields.getLast().value());
            array.putLong(memory.allocate(Math.max(length, 0))).putLong(length);
        }
        return memory.allocate(bytes(array));
    }
}
