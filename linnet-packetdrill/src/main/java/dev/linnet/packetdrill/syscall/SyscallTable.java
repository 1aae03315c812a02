package dev.linnet.packetdrill.syscall;

import dev.linnet.packetdrill.script.Event.SyscallEvent;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.RunState;
import java.util.Map;
import java.util.function.Function;

/// The system calls that scripts can make.
public final class SyscallTable {
    private static final Map<String, Function<CallArgs, PreparedCall>> CALLS =
            Map.ofEntries(
                    Map.entry("socket", SocketCalls::socket),
                    Map.entry("bind", SocketCalls::bind),
                    Map.entry("listen", SocketCalls::listen),
                    Map.entry("accept", SocketCalls::accept),
                    Map.entry("connect", SocketCalls::connect),
                    Map.entry("shutdown", SocketCalls::shutdown),
                    Map.entry("close", SocketCalls::close),
                    Map.entry("read", TransferCalls::read),
                    Map.entry("readv", TransferCalls::readv),
                    Map.entry("recv", TransferCalls::recv),
                    Map.entry("recvfrom", TransferCalls::recvfrom),
                    Map.entry("recvmsg", TransferCalls::recvmsg),
                    Map.entry("write", TransferCalls::write),
                    Map.entry("writev", TransferCalls::writev),
                    Map.entry("send", TransferCalls::send),
                    Map.entry("sendto", TransferCalls::sendto),
                    Map.entry("sendmsg", TransferCalls::sendmsg),
                    Map.entry("sendfile", TransferCalls::sendfile),
                    Map.entry("splice", TransferCalls::splice),
                    Map.entry("pipe", TransferCalls::pipe),
                    Map.entry("setsockopt", OptionCalls::setsockopt),
                    Map.entry("getsockopt", OptionCalls::getsockopt),
                    Map.entry("fcntl", OptionCalls::fcntl),
                    Map.entry("ioctl", OptionCalls::ioctl),
                    Map.entry("cap_set", OptionCalls::capSet),
                    Map.entry("poll", PollCalls::poll),
                    Map.entry("epoll_create", PollCalls::epollCreate),
                    Map.entry("epoll_ctl", PollCalls::epollCtl),
                    Map.entry("epoll_wait", PollCalls::epollWait),
                    Map.entry("open", PollCalls::open));

    private SyscallTable() {}

    /// True for a call that scripts can make.
    public static boolean knows(String name) {
        return CALLS.containsKey(name);
    }

    /// Marshals the arguments of a call.
    ///
    /// @throws EventFailure if they are not what the call takes
    public static PreparedCall prepare(RunState state, SyscallEvent event) {
        Function<CallArgs, PreparedCall> call = CALLS.get(event.call().name());
        if (call == null) {
            throw new EventFailure("Unknown system call: '" + event.call().name() + "'");
        }
        return call.apply(new CallArgs(state, event.call().args(), event.result()));
    }
}
