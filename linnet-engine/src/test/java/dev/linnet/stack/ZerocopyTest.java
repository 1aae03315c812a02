package dev.linnet.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.syscall.SyscallNumbers;
import dev.linnet.syscall.SyscallTable;
import dev.linnet.syscall.UserSpace;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Af;
import dev.linnet.uapi.Errno;
import dev.linnet.uapi.Fcntl;
import dev.linnet.uapi.Mman;
import dev.linnet.uapi.Msg;
import dev.linnet.uapi.Shut;
import dev.linnet.uapi.So;
import dev.linnet.uapi.SockAddrIn;
import dev.linnet.uapi.SockExtendedErr;
import dev.linnet.uapi.SocketType;
import dev.linnet.uapi.Sol;
import dev.linnet.uapi.TcpOpt;
import dev.linnet.uapi.UserMsgHdr;
import dev.linnet.uapi.ZerocopyReceive;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sending from the user's memory and receiving into it by reference. Codes, hints and errors are those
/// that Linux 6.18 gave to the same calls over loopback.
@Timeout(60)
class ZerocopyTest {
    private static final int MAP = 1 << 20;

    private final Stack stack = Stack.virtual(1);
    private final Task task = stack.newHost("a").newTask("task");
    private final UserSpace mm = new UserSpace();
    private final int client;
    private final int server;
    private long map;

    ZerocopyTest() {
        int listener = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        SockAddrIn addr = new SockAddrIn(80, 0x7F000001);
        task.bind(listener, addr);
        task.listen(listener, 1);
        client = task.socket(Af.AF_INET, SocketType.SOCK_STREAM, 0);
        assertThat(task.connect(client, addr)).isZero();
        server = task.accept(listener);
        assertThat(task.setsockopt(client, Sol.SOL_SOCKET, So.SO_ZEROCOPY, 1)).isZero();
        map = mmap(server, MAP, Mman.PROT_READ, Mman.MAP_SHARED);
    }

    @AfterEach
    void nothingIsLeft() {
        call(SyscallNumbers.NR_MUNMAP, map, MAP);
        task.close();
        stack.close();
        assertThat(stack.buffersInUse()).isZero();
    }

    private long call(int nr, long... regs) {
        return SyscallTable.syscall(task.struct(), mm, nr, regs);
    }

    private long mmap(int fd, long length, int prot, int flags) {
        return call(SyscallNumbers.NR_MMAP, 0, length, prot, flags, fd, 0);
    }

    private static byte[] bytes(int n) {
        byte[] data = new byte[n];
        new Random(n).nextBytes(data);
        return data;
    }

    private int send(byte[] data, int flags) {
        return task.send(client, ByteBuffer.wrap(data), flags);
    }

    private byte[] receive(int n) {
        ByteBuffer all = ByteBuffer.allocate(n);
        while (all.hasRemaining()) {
            int got = task.read(server, all);
            assertThat(got).isPositive();
            all.position(all.position() + got);
        }
        return all.array();
    }

    /// The oldest completion, or null.
    private SockExtendedErr completion() {
        UserMsgHdr msg = new UserMsgHdr();
        msg.control = new byte[100];
        int n = task.recvmsg(client, msg, Msg.MSG_ERRQUEUE | Msg.MSG_DONTWAIT);
        return n < 0 ? null : SockExtendedErr.decode(msg.control, 16);
    }

    // ---- sending

    @Test
    void heapBuffersAreSentThemselvesAndDirectOnesAreCopied() {
        byte[] mine = {1, 2, 3, 4};
        assertThat(send(mine, Msg.MSG_ZEROCOPY | Msg.MSG_MORE)).isEqualTo(4);
        ByteBuffer direct = ByteBuffer.allocateDirect(4);
        assertThat(task.send(client, direct, Msg.MSG_ZEROCOPY | Msg.MSG_MORE)).isEqualTo(4);
        mine[0] = 9;
        direct.put(0, (byte) 9);
        send(new byte[] {7}, 0);
        assertThat(receive(9)).containsExactly(9, 2, 3, 4, 0, 0, 0, 0, 7);
    }

    @Test
    void theMemoryIsBackBeforeTheReaderReads() {
        byte[] mine = bytes(40_000);
        for (int i = 0; i < 3; i++) {
            send(mine, Msg.MSG_ZEROCOPY);
            stack.sleep(100_000_000);
            SockExtendedErr done = completion();
            assertThat(done.origin()).isEqualTo(SockExtendedErr.SO_EE_ORIGIN_ZEROCOPY);
            assertThat(done.code()).isEqualTo(SockExtendedErr.SO_EE_CODE_ZEROCOPY_COPIED);
            assertThat(done.info()).isEqualTo(i);
            assertThat(done.data()).isEqualTo(i);
            byte[] sent = mine.clone();
            mine[0]++;
            assertThat(receive(mine.length)).isEqualTo(sent);
        }
        assertThat(completion()).isNull();
    }

    // ---- mapping

    @Test
    void whatCanBeMapped() {
        int shared = Mman.MAP_SHARED;
        int write = Mman.PROT_READ | Mman.PROT_WRITE;
        int exec = Mman.PROT_READ | Mman.PROT_EXEC;
        assertThat(mmap(server, 4096, write, shared)).isEqualTo(-Errno.EPERM);
        assertThat(mmap(server, 4096, exec, shared)).isEqualTo(-Errno.EPERM);
        assertThat(mmap(server, 4096, Mman.PROT_READ, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(mmap(server, 0, Mman.PROT_READ, shared)).isEqualTo(-Errno.EINVAL);
        assertThat(mmap(99, 4096, Mman.PROT_READ, shared)).isEqualTo(-Errno.EBADF);
        assertThat(mmap(server, 4096, Mman.PROT_READ, Mman.MAP_PRIVATE)).isPositive();
        int udp = task.socket(Af.AF_INET, SocketType.SOCK_DGRAM, 0);
        assertThat(mmap(udp, 4096, Mman.PROT_READ, shared)).isEqualTo(-Errno.ENODEV);
        int[] pipe = new int[2];
        task.pipe2(pipe, 0);
        assertThat(mmap(pipe[0], 4096, Mman.PROT_READ, shared)).isEqualTo(-Errno.ENODEV);
        assertThat(mmap(pipe[1], 4096, Mman.PROT_READ, shared)).isEqualTo(-Errno.EACCES);
        assertThat(call(SyscallNumbers.NR_MUNMAP, 1, 4096)).isEqualTo(-Errno.EINVAL);
        assertThat(call(SyscallNumbers.NR_MUNMAP, map, 0)).isEqualTo(-Errno.EINVAL);
    }

    // ---- receiving

    private ZerocopyReceive answer = new ZerocopyReceive();

    /// `getsockopt` with a structure of `size` bytes.
    private long zerocopy(long address, int size, int copybuf) {
        ZerocopyReceive z = new ZerocopyReceive();
        z.address = address;
        z.length = MAP;
        z.copybufLen = copybuf;
        z.copybufAddress = mm.allocate(Math.max(copybuf, 1));
        byte[] raw = new byte[size];
        z.encode(raw);
        long ptr = mm.allocate(size);
        mm.write(ptr, raw, size);
        long lengthPtr = mm.allocate(4);
        byte[] length = new byte[4];
        Abi.putInt(length, 0, size);
        mm.write(lengthPtr, length, 4);
        long n =
                call(
                        SyscallNumbers.NR_GETSOCKOPT,
                        server,
                        Sol.SOL_TCP,
                        TcpOpt.TCP_ZEROCOPY_RECEIVE,
                        ptr,
                        lengthPtr);
        answer = ZerocopyReceive.decode(mm.read(ptr, size));
        return n;
    }

    private void expect(int length, int hint, int inq, int copied) {
        assertThat(answer.length).as("length").isEqualTo(length);
        assertThat(answer.recvSkipHint).as("hint").isEqualTo(hint);
        assertThat(answer.inq).as("inq").isEqualTo(inq);
        assertThat(answer.copybufLen).as("copied").isEqualTo(copied);
    }

    @Test
    void pagesOfZerocopySendsAreMapped() {
        byte[] data = bytes(4096);
        for (int i = 0; i < 4; i++) {
            send(data, Msg.MSG_ZEROCOPY);
        }
        assertThat(zerocopy(map, 64, 0)).isZero();
        expect(16384, 0, 0, 0);
        for (int i = 0; i < 4; i++) {
            assertThat(mm.read(map + i * 4096L, 4096)).isEqualTo(data);
        }
        assertThat(mm.read(map + 16384, 1)).isNull();
        byte[] more = bytes(8192);
        send(more, Msg.MSG_ZEROCOPY);
        assertThat(zerocopy(map, 64, 0)).isZero();
        assertThat(mm.read(map, 8192)).isEqualTo(more);
        assertThat(mm.read(map + 8192, 4096)).as("what was there before").isEqualTo(data);
    }

    @Test
    void theRestOfASegmentIsHintedAtOrCopied() {
        byte[] data = bytes(10_000);
        send(data, Msg.MSG_ZEROCOPY);
        assertThat(zerocopy(map, 64, 0)).isZero();
        expect(8192, 0, 1808, 0);
        assertThat(zerocopy(map, 64, 0)).isZero();
        expect(0, 1808, 1808, 0);
        assertThat(receive(1808)[1807]).isEqualTo(data[9999]);
        send(bytes(8292), 0);
        assertThat(zerocopy(map, 64, 200)).isZero();
        expect(0, 8092, 8092, 200);
        assertThat(zerocopy(map, 64, 5000)).isZero();
        expect(0, 3092, 3092, 5000);
        assertThat(zerocopy(map, 64, 5000)).isZero();
        expect(0, 0, 0, 3092);
    }

    @Test
    void littleDataIsNotMapped() {
        assertThat(zerocopy(map, 64, 0)).isZero();
        expect(0, 0, 0, 0);
        send(bytes(100), 0);
        assertThat(zerocopy(map, 64, 0)).isZero();
        expect(0, 100, 100, 0);
        assertThat(zerocopy(map, 64, 50)).isZero();
        expect(0, 100, 100, 0);
        assertThat(zerocopy(map, 64, 200)).isZero();
        expect(0, 0, 0, 100);
    }

    @Test
    void pagesOfFilesAreNotMapped() {
        int file = task.open("/f", Fcntl.O_CREAT | Fcntl.O_RDWR, 0600);
        task.write(file, ByteBuffer.allocate(65536));
        assertThat(task.sendfile(client, file, new long[1], 8192)).isEqualTo(8192);
        assertThat(zerocopy(map, 64, 0)).isZero();
        expect(0, 8192, 8192, 0);
    }

    @Test
    void sizesOfTheStructure() {
        send(bytes(100), 0);
        assertThat(zerocopy(map, 11, 0)).isEqualTo(-Errno.EINVAL);
        assertThat(zerocopy(map, 12, 0)).isZero();
        for (int size : new int[] {16, 19, 23, 28}) {
            assertThat(zerocopy(map, size, 0)).isZero();
            assertThat(answer.inq).as("size %d", size).isZero();
        }
        for (int size : new int[] {20, 24, 32, 36, 40, 48, 56, 60, 64, 72}) {
            assertThat(zerocopy(map, size, 0)).isZero();
            assertThat(answer.inq).as("size %d", size).isEqualTo(100);
        }
    }

    @Test
    void errors() {
        assertThat(zerocopy(map + 1, 64, 0)).isEqualTo(-Errno.EINVAL);
        send(bytes(10_000), 0);
        assertThat(zerocopy(mm.allocate(4096), 64, 0)).isEqualTo(-Errno.EINVAL);
        receive(10_000);
        task.shutdown(client, Shut.SHUT_WR);
        assertThat(zerocopy(map, 64, 0)).isEqualTo(-Errno.EIO);
        byte[] raw = new byte[64];
        raw[60] = 1;
        int option = TcpOpt.TCP_ZEROCOPY_RECEIVE;
        assertThat(task.getsockopt(server, Sol.SOL_TCP, option, raw)).isEqualTo(-Errno.EINVAL);
        raw[60] = 0;
        raw[56] = 1;
        assertThat(task.getsockopt(server, Sol.SOL_TCP, option, raw)).isEqualTo(-Errno.EINVAL);
        assertThat(task.setsockopt(server, Sol.SOL_TCP, option, raw)).isEqualTo(-Errno.ENOPROTOOPT);
    }

    // ---- borrowing

    @Test
    void anApplicationBorrowsPagesAndGivesThemBack() {
        byte[] data = bytes(100_000);
        stack.start("sender", () -> send(data, 0));
        ByteBuffer got = ByteBuffer.allocate(data.length);
        try (ReceivedPages pages = new ReceivedPages()) {
            while (got.hasRemaining()) {
                int n = task.recvPages(server, 20_000, 0, pages);
                assertThat(n).isBetween(1, 20_000);
                pages.buffers().forEach(got::put);
                assertThat(stack.buffersInUse()).isPositive();
                pages.giveBack();
            }
            assertThat(got.array()).isEqualTo(data);
            assertThat(task.recvPages(server, 1, Msg.MSG_DONTWAIT, pages)).isEqualTo(-Errno.EAGAIN);
            assertThat(task.recvPages(server, 1, Msg.MSG_PEEK, pages)).isEqualTo(-Errno.EINVAL);
            assertThat(task.recvPages(99, 1, 0, pages)).isEqualTo(-Errno.EBADF);
            task.shutdown(client, Shut.SHUT_WR);
            assertThat(task.recvPages(server, 1, 0, pages)).isZero();
        }
    }

    @Test
    void borrowedMemoryStaysWhatItIsWhileMoreArrives() {
        try (ReceivedPages pages = new ReceivedPages()) {
            send(bytes(3000), 0);
            assertThat(task.recvPages(server, 3000, 0, pages)).isEqualTo(3000);
            for (int i = 0; i < 100; i++) {
                send(new byte[30_000], 0);
                receive(30_000);
            }
            ByteBuffer got = ByteBuffer.allocate(3000);
            pages.buffers().forEach(got::put);
            assertThat(got.array()).isEqualTo(bytes(3000));
        }
    }
}
