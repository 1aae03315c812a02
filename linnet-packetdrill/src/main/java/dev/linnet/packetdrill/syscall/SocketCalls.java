package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.Config;
import dev.linnet.packetdrill.packet.IpAddress;
import dev.linnet.packetdrill.script.Expression;
import dev.linnet.packetdrill.state.Descriptors.Descriptor;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.ScriptSocket;
import dev.linnet.packetdrill.state.ScriptSocket.State;
import dev.linnet.packetdrill.target.UserMemory;
import dev.linnet.wire.IpProto;
import org.jspecify.annotations.Nullable;

/// Calls that make sockets and connections, and end them.
final class SocketCalls {
    private SocketCalls() {}

    static PreparedCall socket(CallArgs args) {
        args.count(3);
        boolean v6 = args.state().config().mode().socketsAreV6();
        int domain = args.isEllipsis(0) ? v6 ? Structs.AF_INET6 : Structs.AF_INET : args.int32(0);
        int type = args.int32(1);
        int protocol = args.int32(2);
        return PreparedCall.of(SyscallNr.SOCKET, domain, type, protocol)
                .thenDescriptor(
                        live ->
                                args.state()
                                        .descriptors()
                                        .add(
                                                args.newDescriptor(),
                                                (int) live,
                                                new ScriptSocket(State.NEW, type, protocol)));
    }

    static PreparedCall bind(CallArgs args) {
        args.count(3);
        Descriptor descriptor = args.descriptor(0);
        Config config = args.state().config();
        byte[] address =
                args.get(1) instanceof Expression.Struct given
                        ? Structs.sockaddr(given)
                        : Structs.sockaddr(config.bindIp(), config.bindPort());
        if (!(args.get(1) instanceof Expression.Struct)) {
            args.ellipsis(1);
        }
        args.ellipsis(2);
        return PreparedCall.of(
                        SyscallNr.BIND,
                        descriptor.live(),
                        args.memory().allocate(address),
                        address.length)
                .then(_ -> bound(config, descriptor, address));
    }

    /// A TCP socket learns its end of a connection from the first packet; others can receive
    /// before.
    private static void bound(Config config, Descriptor descriptor, byte[] address) {
        ScriptSocket socket = socketOf(descriptor);
        int port = Structs.port(address);
        if (socket.protocol() != IpProto.TCP && port != 0) {
            socket.local(config.localIp(), port);
        }
    }

    static PreparedCall listen(CallArgs args) {
        args.count(2);
        Descriptor descriptor = args.descriptor(0);
        return PreparedCall.of(SyscallNr.LISTEN, descriptor.live(), args.int32(1))
                .then(_ -> socketOf(descriptor).state(State.PASSIVE_LISTENING));
    }

    static PreparedCall accept(CallArgs args) {
        args.count(3);
        int fd = args.fd(0);
        args.ellipsis(1);
        args.ellipsis(2);
        UserMemory memory = args.memory();
        long address = memory.allocate(Structs.SOCKADDR_STORAGE_BYTES);
        long length = memory.allocate(Structs.int32(Structs.SOCKADDR_STORAGE_BYTES));
        return PreparedCall.of(SyscallNr.ACCEPT, fd, address, length)
                .thenDescriptor(
                        live ->
                                accepted(
                                        args,
                                        (int) live,
                                        memory.read(address, Structs.SOCKADDR_STORAGE_BYTES)));
    }

    /// Gives its descriptor to the connection that was accepted.
    private static void accepted(CallArgs args, int live, byte[] peer) {
        IpAddress ip = Structs.ip(peer).unmapped();
        int port = Structs.port(peer);
        for (Descriptor descriptor : args.state().descriptors().all()) {
            ScriptSocket socket = descriptor.socket();
            if (socket != null && socket.isHandshaken() && socket.isPeer(ip, port)) {
                descriptor.accepted(args.newDescriptor(), live);
                return;
            }
        }
        throw new EventFailure("unable to find socket matching accept() call");
    }

    static PreparedCall connect(CallArgs args) {
        args.count(3);
        Descriptor descriptor = args.descriptor(0);
        args.ellipsis(2);
        byte[] address = destination(args, descriptor, args.get(1));
        return PreparedCall.of(
                SyscallNr.CONNECT,
                descriptor.live(),
                args.memory().allocate(address),
                address.length);
    }

    /// The address that a connecting call goes to: that of the options for `...`, none but a family
    /// for a number. A socket that is new is connecting from here on; with AF_UNSPEC it becomes new
    /// again.
    static byte[] destination(CallArgs args, Descriptor descriptor, @Nullable Expression written) {
        Config config = args.state().config();
        ScriptSocket socket = socketOf(descriptor);
        IpAddress ip = config.remoteIp();
        int port = config.connectPort();
        byte[] address = Structs.sockaddr(config.connectIp(), port);
        if (written instanceof Expression.Struct given) {
            address = Structs.sockaddr(given);
            ip = Structs.ip(address).unmapped();
            port = Structs.port(address);
        } else if (written != null && !(written instanceof Expression.Ellipsis)) {
            address = new byte[Structs.SOCKADDR_STORAGE_BYTES];
            address[0] = (byte) Evaluator.int32(written);
        }
        if (Structs.family(address) == Structs.AF_UNSPEC) {
            socket.state(State.NEW);
        } else if (socket.state() == State.NEW) {
            socket.state(State.ACTIVE_CONNECTING);
            socket.remote(ip, port);
        }
        return address;
    }

    static ScriptSocket socketOf(Descriptor descriptor) {
        ScriptSocket socket = descriptor.socket();
        if (socket == null) {
            throw new EventFailure("fd " + descriptor.script() + " is not a socket");
        }
        return socket;
    }

    /// True for a socket that sends ICMP echo requests, whose header the caller writes.
    static boolean isPing(Descriptor descriptor) {
        ScriptSocket socket = descriptor.socket();
        return socket != null
                && socket.type() == 2
                && (socket.protocol() == IpProto.ICMP || socket.protocol() == IpProto.ICMPV6);
    }

    static PreparedCall shutdown(CallArgs args) {
        args.count(2);
        return PreparedCall.of(SyscallNr.SHUTDOWN, args.fd(0), args.int32(1));
    }

    static PreparedCall close(CallArgs args) {
        args.count(1);
        Descriptor descriptor = args.descriptor(0);
        return PreparedCall.of(SyscallNr.CLOSE, descriptor.live()).then(_ -> descriptor.closed());
    }
}
