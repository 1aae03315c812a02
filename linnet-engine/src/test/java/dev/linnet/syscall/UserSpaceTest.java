package dev.linnet.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.stack.Stack;
import dev.linnet.uapi.Errno;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The memory of the numeric entry: areas, holes, and calls that meet a hole half-way.
class UserSpaceTest {
    private final UserSpace mm = new UserSpace();

    @Test
    void areasThatTouchAreOne() {
        ByteBuffer first = ByteBuffer.wrap(new byte[] {1, 2, 3});
        ByteBuffer second = ByteBuffer.wrap(new byte[] {4, 5});
        long at = mm.map(true, first, second);
        assertThat(mm.read(at + 1, 4)).containsExactly(2, 3, 4, 5);
        assertThat(mm.read(at, 6)).isNull();
        assertThat(mm.write(at + 2, new byte[] {7, 8}, 2)).isTrue();
        assertThat(first.get(2)).isEqualTo((byte) 7);
        assertThat(second.get(0)).isEqualTo((byte) 8);
    }

    @Test
    void holesAndAreasThatMustNotBeWritten() {
        long a = mm.allocate(10);
        long b = mm.map(false, ByteBuffer.allocate(10));
        assertThat(mm.read(a - 1, 1)).isNull();
        assertThat(mm.read(a + 10, 1)).isNull();
        assertThat(mm.read(b, 10)).hasSize(10);
        assertThat(mm.write(b, new byte[1], 1)).isFalse();
        List<ByteBuffer> views = new ArrayList<>();
        assertThat(mm.slices(b, 10, true, views)).isZero();
        assertThat(mm.slices(b, 10, false, views)).isEqualTo(10);
        assertThat(mm.accessible(a + 4, 100)).isEqualTo(6);
        assertThat(mm.read(Long.MIN_VALUE, 1)).isNull();
        assertThat(mm.read(-1, 1)).isNull();
    }

    @Test
    void nothingAtAllCanBeReadAnywhere() {
        assertThat(mm.read(8, 0)).isEmpty();
        assertThat(mm.write(8, new byte[0], 0)).isTrue();
    }

    @Test
    void onlyAddressesOfProcessesAreAllowed() {
        assertThat(UserSpace.accessOk(8, 1)).isTrue();
        assertThat(UserSpace.accessOk(-1, 1)).isFalse();
        assertThat(UserSpace.accessOk(8, -1)).isFalse();
        assertThat(UserSpace.accessOk(0x7fff_ffff_efffL, 1)).isTrue();
        assertThat(UserSpace.accessOk(0x7fff_ffff_efffL, 2)).isFalse();
    }

    /// What cannot be handed over stays in the pipe.
    @Test
    void readIntoBadMemory() {
        try (Stack stack = Stack.virtual(1)) {
            TaskStruct task = stack.newHost("host").newTask("task").struct();
            long fds = mm.allocate(8);
            assertThat(call(task, SyscallNumbers.NR_PIPE2, fds, 0)).isZero();
            long data = mm.map(false, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
            assertThat(call(task, SyscallNumbers.NR_WRITE, 1, data, 4)).isEqualTo(4);
            assertThat(call(task, SyscallNumbers.NR_READ, 0, data, 4)).isEqualTo(-Errno.EFAULT);
            long room = mm.allocate(4);
            assertThat(call(task, SyscallNumbers.NR_READ, 0, 8, 4)).isEqualTo(-Errno.EFAULT);
            assertThat(call(task, SyscallNumbers.NR_READ, 0, room, 4)).isEqualTo(4);
            assertThat(mm.read(room, 4)).containsExactly(1, 2, 3, 4);
        }
    }

    private long call(TaskStruct task, int nr, long... args) {
        return SyscallTable.syscall(task, mm, nr, args);
    }
}
