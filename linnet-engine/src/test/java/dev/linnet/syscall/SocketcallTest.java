package dev.linnet.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Stack;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.SockAddr;
import dev.linnet.uapi.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// All twenty calls of the multiplexer, through the entry of i386.
class SocketcallTest {
    private static final int NR_SOCKETCALL_I386 = 102;

    private final Stack stack = Stack.virtual(1);
    private final TaskStruct task = stack.newHost("host").newTask("task").struct();
    private final UserSpace mm = new UserSpace();

    @AfterEach
    void close() {
        stack.close();
    }

    private long call(int call, long... words) {
        long args = mm.allocate(words.length * 8); // a word too few is in the hole behind it
        byte[] raw = new byte[words.length * 8];
        for (int i = 0; i < words.length; i++) {
            Abi.putLong(raw, i * 8, words[i]);
        }
        assertThat(mm.write(args, raw, raw.length)).isTrue();
        return SyscallTable.int80(task, mm, NR_SOCKETCALL_I386, call, args);
    }

    private long memory(byte[] content) {
        long at = mm.allocate(content.length);
        assertThat(mm.write(at, content, content.length)).isTrue();
        return at;
    }

    private long address(String text) {
        byte[] raw = new byte[16];
        SockAddr.parse(text).encode(raw, 0);
        return memory(raw);
    }

    private long number(int value) {
        byte[] raw = new byte[4];
        Abi.putInt(raw, 0, value);
        return memory(raw);
    }

    private byte[] at(long address, int length) {
        byte[] bytes = mm.read(address, length);
        assertThat(bytes).isNotNull();
        return bytes;
    }

    @Test
    void callsThatDoNotExist() {
        long bad = 8;
        for (int call : new int[] {0, 21, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(SyscallTable.int80(task, mm, NR_SOCKETCALL_I386, call, bad))
                    .isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void eachCallReadsItsWordsAndNoMore() {
        int[] words = {3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4, 5, 4};
        for (int call = 1; call <= words.length; call++) {
            long[] enough = new long[words[call - 1]];
            enough[0] = call == Socketcall.SYS_SOCKET || call == 8 ? 99 : -1;
            assertThat(call(call, new long[enough.length - 1]))
                    .as("call %d with a word too few", call)
                    .isEqualTo(-Errno.EFAULT);
            assertThat(call(call, enough))
                    .as("call %d", call)
                    .isIn((long) -Errno.EBADF, (long) -Errno.EAFNOSUPPORT, (long) -Errno.EFAULT)
                    .isNotEqualTo(call == 8 ? 0L : (long) -Errno.EFAULT);
        }
    }

    @Test
    void otherNumbersOfTheEntryHaveNoCall() {
        assertThat(SyscallTable.int80(task, mm, 1, 0, 0)).isEqualTo(-Errno.ENOSYS);
    }

    @Test
    void connectionThroughTheMultiplexer() {
        long listener = call(Socketcall.SYS_SOCKET, Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(call(Socketcall.SYS_BIND, listener, address("127.0.0.1:7000"), 16)).isZero();
        assertThat(call(Socketcall.SYS_LISTEN, listener, 1)).isZero();
        long client = call(Socketcall.SYS_SOCKET, Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(call(Socketcall.SYS_CONNECT, client, address("127.0.0.1:7000"), 16)).isZero();
        long peer = mm.allocate(16);
        long length = number(16);
        long server = call(Socketcall.SYS_ACCEPT4, listener, peer, length, 0);
        assertThat(server).isEqualTo(2);
        assertThat(Abi.getInt(at(length, 4), 0)).isEqualTo(16);

        assertThat(call(Socketcall.SYS_SEND, client, memory(new byte[] {1, 2, 3}), 3, 0))
                .isEqualTo(3);
        long buf = mm.allocate(3);
        assertThat(call(Socketcall.SYS_RECV, server, buf, 3, 0)).isEqualTo(3);
        assertThat(at(buf, 3)).containsExactly(1, 2, 3);

        long name = mm.allocate(16);
        assertThat(call(Socketcall.SYS_GETPEERNAME, client, name, number(16))).isZero();
        assertThat(SockAddr.decode(at(name, 16), 0, 16))
                .isEqualTo(SockAddr.parse("127.0.0.1:7000"));
        assertThat(call(Socketcall.SYS_SHUTDOWN, client, 1)).isZero();
        assertThat(call(Socketcall.SYS_RECVFROM, server, buf, 3, 0, 0, 0)).isZero();
    }

    @Test
    void descriptorOfAnotherKind() {
        long fd = SyscallTable.syscall(task, mm, SyscallNumbers.NR_EPOLL_CREATE1, 0);
        assertThat(call(Socketcall.SYS_LISTEN, fd, 1)).isEqualTo(-Errno.ENOTSOCK);
    }
}
