package dev.linnet.syscall;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Errno;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// The numeric entry: a call by its x86-64 number with six registers, and structures in the memory
/// of the process (`do_syscall_64`, `sys_call_table`).
public final class SyscallTable {
    /// One call: registers in the order rdi, rsi, rdx, r10, r8, r9.
    @FunctionalInterface
    interface Handler {
        long call(TaskStruct task, UserSpace mm, long[] regs);
    }

    private static final int SIZE = 512;
    private static final Handler[] TABLE = table();

    private SyscallTable() {}

    /// Makes a call: ≥ 0 or `-errno`; `-ENOSYS` for a number that has no call.
    @Kernel({"do_syscall_64", "sys_call_table"})
    public static long syscall(TaskStruct task, UserSpace mm, int nr, long... regs) {
        Handler handler = nr >= 0 && nr < SIZE ? TABLE[nr] : SyscallTable::sysNiSyscall;
        long result = handler.call(task, mm, Arrays.copyOf(regs, 6));
        return result == -Errno.ERESTARTSYS ? -Errno.EINTR : result;
    }

    @Kernel("sys_ni_syscall")
    private static long sysNiSyscall(TaskStruct task, UserSpace mm, long[] regs) {
        return -Errno.ENOSYS;
    }

    private static Handler[] table() {
        Handler[] table = new Handler[SIZE];
        Arrays.fill(table, (Handler) SyscallTable::sysNiSyscall);
        Map<String, Handler> handlers = NumericCalls.handlers();
        try (InputStream in = SyscallTable.class.getResourceAsStream("syscall_64.tbl");
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] row = line.split("\\s+");
                    Handler handler = handlers.get(row[1]);
                    if (handler == null) {
                        throw new IllegalStateException("nobody implements " + row[1]);
                    }
                    table[Integer.parseInt(row[0])] = handler;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }
}
