package dev.linnet.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.linnet.host.Nr;
import dev.linnet.stack.Stack;
import dev.linnet.uapi.Errno;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The generated table of numbers.
class SyscallTableTest {
    @Test
    void numbersWithoutAnEntryPointHaveNoCall() {
        try (Stack stack = Stack.virtual(1)) {
            TaskStruct task = stack.newHost("host").newTask("task").struct();
            UserSpace mm = new UserSpace();
            int none = 0;
            for (int nr = -2; nr < 1000; nr++) {
                if (SyscallNumbers.entry(nr) == null) {
                    none++;
                    assertThat(SyscallTable.syscall(task, mm, nr, -1, -1, -1, -1, -1, -1))
                            .as("call %d", nr)
                            .isEqualTo(-Errno.ENOSYS);
                }
            }
            assertThat(none).isGreaterThan(500);
            assertThat(SyscallTable.syscall(task, mm, Integer.MAX_VALUE)).isEqualTo(-Errno.ENOSYS);
        }
    }

    /// The names and numbers that the module for the host knows are those of the table.
    @Test
    void numbersAreThoseOfTheHost() throws IllegalAccessException {
        List<String> different = new ArrayList<>();
        int compared = 0;
        for (Field field : Nr.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
                compared++;
                String name = SyscallNumbers.name(field.getInt(null));
                if (!field.getName().equalsIgnoreCase(name)) {
                    different.add(field.getName() + " is " + name);
                }
            }
        }
        assertThat(compared).isGreaterThan(20);
        assertThat(different).isEmpty();
    }

    @Test
    void upperHalvesOfIntsDoNotCount() {
        try (Stack stack = Stack.virtual(1)) {
            TaskStruct task = stack.newHost("host").newTask("task").struct();
            UserSpace mm = new UserSpace();
            long junk = 0x7777_0000_0000L;
            long fd =
                    SyscallTable.syscall(
                            task, mm, SyscallNumbers.NR_SOCKET, junk | 2, junk | 1, junk);
            assertThat(fd).isZero();
            assertThat(SyscallTable.syscall(task, mm, SyscallNumbers.NR_CLOSE, junk | fd)).isZero();
        }
    }
}
