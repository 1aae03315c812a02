package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.state.Descriptors.Descriptor;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.target.UserMemory;
import java.util.List;

/// Calls that move data.
final class TransferCalls {
    private static final int ICMP_HEADER_BYTES = 8;
    private static final byte ICMP_ECHO = 8;
    private static final byte ICMPV6_ECHO_REQUEST = (byte) 128;

    private TransferCalls() {}

    static PreparedCall read(CallArgs args) {
        return plain(args, SyscallNr.READ);
    }

    static PreparedCall write(CallArgs args) {
        return plain(args, SyscallNr.WRITE);
    }

    private static PreparedCall plain(CallArgs args, int nr) {
        args.count(3);
        int count = args.int32(2);
        return PreparedCall.of(nr, args.fd(0), args.buffer(1, count), count);
    }

    static PreparedCall readv(CallArgs args) {
        return vector(args, SyscallNr.READV);
    }

    static PreparedCall writev(CallArgs args) {
        return vector(args, SyscallNr.WRITEV);
    }

    private static PreparedCall vector(CallArgs args, int nr) {
        args.count(3);
        int fd = args.fd(0);
        int elements = args.list(1).size();
        int count = args.int32(2);
        if (count != elements) {
            throw new EventFailure(
                    "iov_count " + count + " does not match " + elements + "-element iovec array");
        }
        return PreparedCall.of(nr, fd, Structs.iovec(args.memory(), args.list(1)), count);
    }

    static PreparedCall recv(CallArgs args) {
        args.count(4);
        int count = args.int32(2);
        return PreparedCall.of(
                SyscallNr.RECVFROM, args.fd(0), args.buffer(1, count), count, args.int32(3));
    }

    static PreparedCall recvfrom(CallArgs args) {
        args.count(6);
        args.ellipsis(4);
        args.ellipsis(5);
        int count = args.int32(2);
        UserMemory memory = args.memory();
        return PreparedCall.of(
                SyscallNr.RECVFROM,
                args.fd(0),
                args.buffer(1, count),
                count,
                args.int32(3),
                memory.allocate(Structs.SOCKADDR_STORAGE_BYTES),
                memory.allocate(Structs.int32(Structs.SOCKADDR_STORAGE_BYTES)));
    }

    static PreparedCall send(CallArgs args) {
        args.count(4);
        int count = args.int32(2);
        return PreparedCall.of(
                SyscallNr.SENDTO, args.fd(0), args.buffer(1, count), count, args.int32(3));
    }

    static PreparedCall sendto(CallArgs args) {
        args.count(6);
        args.ellipsis(5);
        Descriptor descriptor = args.descriptor(0);
        int count = args.int32(2);
        long buffer = args.buffer(1, count);
        if (SocketCalls.isPing(descriptor) && buffer != 0 && count >= ICMP_HEADER_BYTES) {
            boolean v6 = args.state().config().mode().packetsAreV6();
            byte type = v6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO;
            args.memory().write(buffer, new byte[] {type});
        }
        byte[] address = SocketCalls.destination(args, descriptor, args.get(4));
        return PreparedCall.of(
                SyscallNr.SENDTO,
                descriptor.live(),
                buffer,
                count,
                args.int32(3),
                args.memory().allocate(address),
                address.length);
    }

    static PreparedCall sendmsg(CallArgs args) {
        args.count(3);
        Descriptor descriptor = args.descriptor(0);
        MessageHeader message = MessageHeader.of(args.get(1));
        if (message.flags() != 0) {
            throw new EventFailure("sendmsg ignores msg_flags field in msghdr");
        }
        byte[] address = SocketCalls.destination(args, descriptor, null);
        long header = message.write(args.memory(), address);
        return PreparedCall.of(SyscallNr.SENDMSG, descriptor.live(), header, args.int32(2));
    }

    static PreparedCall recvmsg(CallArgs args) {
        args.count(3);
        int fd = args.fd(0);
        MessageHeader message = MessageHeader.of(args.get(1));
        UserMemory memory = args.memory();
        long header = message.write(memory, new byte[Structs.SOCKADDR_STORAGE_BYTES]);
        return PreparedCall.of(SyscallNr.RECVMSG, fd, header, args.int32(2))
                .then(_ -> message.verify(args.state(), header));
    }

    static PreparedCall sendfile(CallArgs args) {
        args.count(4);
        long offset = args.memory().allocate(Structs.int64(Evaluator.number(args.bracketed(2))));
        return PreparedCall.of(SyscallNr.SENDFILE, args.fd(0), args.fd(1), offset, args.int32(3));
    }

    static PreparedCall splice(CallArgs args) {
        args.count(6);
        return PreparedCall.of(
                SyscallNr.SPLICE,
                args.fd(0),
                args.int64(1),
                args.fd(2),
                args.int64(3),
                args.int32(4),
                args.int32(5));
    }

    static PreparedCall pipe(CallArgs args) {
        args.count(1);
        List<Integer> script = args.list(0).stream().map(Evaluator::int32).toList();
        if (script.size() != 2) {
            throw new EventFailure(script.size() + " pipe file descriptors instead of 2");
        }
        UserMemory memory = args.memory();
        long pair = memory.allocate(8);
        return PreparedCall.of(SyscallNr.PIPE, pair)
                .then(
                        result -> {
                            if (result >= 0) {
                                var live = Structs.read(memory, pair, 8);
                                args.state().descriptors().add(script.get(0), live.getInt(), null);
                                args.state().descriptors().add(script.get(1), live.getInt(), null);
                            }
                        });
    }
}
