import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Makes the dispatch of system calls from the tables of numbers, before the engine is compiled
/// (what `arch/x86/entry/syscalls/syscalltbl.sh` is to Linux).
///
///     java SyscallGenerator.java TABLES OUTPUT
///
/// TABLES is the directory with `syscall_64.tbl` and `syscall_32.tbl`, OUTPUT the root of the
/// generated sources.
public final class SyscallGenerator {
    private static final String PACKAGE = "dev.linnet.syscall";
    private static final List<String> REGISTERS = List.of("rdi", "rsi", "rdx", "r10", "r8", "r9");

    /// A row of a table; without an entry point the number has no call.
    private record Row(int number, String name, String entry, List<String> arguments) {
        static Row parse(String line) {
            String[] words = line.trim().split("\\s+");
            return new Row(
                    Integer.parseInt(words[0]),
                    words[1],
                    words.length > 2 ? words[2] : "",
                    words.length > 3 ? List.of(words).subList(3, words.length) : List.of());
        }

        String constant() {
            return "NR_" + name.toUpperCase(Locale.ROOT);
        }

        /// `Class.method(task, mm, (int) regs.rdi(), …)`.
        String call() {
            List<String> passed = new ArrayList<>(List.of("task"));
            if (arguments.contains("ptr")) {
                passed.add("mm");
            }
            for (int i = 0; i < arguments.size(); i++) {
                String register = "regs." + REGISTERS.get(i) + "()";
                passed.add(
                        switch (arguments.get(i)) {
                            case "int" -> "(int) " + register;
                            case "long", "ptr" -> register;
                            default -> throw new IllegalArgumentException("no such type: " + this);
                        });
            }
            return entry + "(" + String.join(", ", passed) + ")";
        }
    }

    public static void main(String[] args) throws IOException {
        Path out = Path.of(args[1]).resolve(PACKAGE.replace('.', '/'));
        Files.createDirectories(out);
        List<Row> native64 = read(Path.of(args[0], "syscall_64.tbl"));
        List<Row> i386 = read(Path.of(args[0], "syscall_32.tbl"));
        write(out, "SyscallDispatch", dispatch(native64, i386));
        write(out, "SyscallNumbers", numbers(native64));
    }

    private static List<Row> read(Path table) throws IOException {
        List<Row> rows =
                Files.readAllLines(table).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .map(Row::parse)
                        .toList();
        for (int i = 1; i < rows.size(); i++) {
            if (rows.get(i).number <= rows.get(i - 1).number) {
                throw new IllegalArgumentException(table + ": out of order: " + rows.get(i));
            }
        }
        return rows;
    }

    private static String dispatch(List<Row> native64, List<Row> i386) {
        StringBuilder out = new StringBuilder();
        out.append(
                "/// The calls by number, generated from `syscall_64.tbl` and `syscall_32.tbl`.\n");
        out.append("final class SyscallDispatch {\n    private SyscallDispatch() {}\n");
        out.append(function("x64SysCall", native64));
        out.append(function("ia32SysCall", i386));
        return out.append("}\n").toString();
    }

    private static String function(String name, List<Row> rows) {
        StringBuilder out = new StringBuilder("\n    static long ").append(name);
        out.append("(TaskStruct task, UserSpace mm, int nr, PtRegs regs) {\n");
        out.append("        return switch (nr) {\n");
        for (Row row : rows) {
            if (!row.entry.isEmpty()) {
                out.append("            case ").append(row.number).append(" -> ");
                out.append(row.call()).append(";\n");
            }
        }
        out.append("            default -> SyscallTable.sysNiSyscall(nr);\n        };\n    }\n");
        return out.toString();
    }

    private static String numbers(List<Row> rows) {
        StringBuilder out = new StringBuilder();
        out.append("/// The numbers of x86-64's system calls, generated from `syscall_64.tbl`.\n");
        out.append("public final class SyscallNumbers {\n    private SyscallNumbers() {}\n\n");
        for (Row row : rows) {
            out.append("    public static final int ").append(row.constant());
            out.append(" = ").append(row.number).append(";\n");
        }
        out.append("\n    /// The name of a call, or null if Linux has none of that number.\n");
        out.append(names("@org.jspecify.annotations.Nullable String name", rows, Row::name));
        out.append("\n    /// The entry point of a call, or null: `ENOSYS`.\n");
        out.append(names("@org.jspecify.annotations.Nullable String entry", rows, Row::entry));
        return out.append("}\n").toString();
    }

    private static String names(String head, List<Row> rows, Function<Row, String> text) {
        StringBuilder out = new StringBuilder("    public static ").append(head);
        out.append("(int nr) {\n        return switch (nr) {\n");
        for (Row row : rows) {
            if (!text.apply(row).isEmpty()) {
                out.append("            case ").append(row.number).append(" -> \"");
                out.append(text.apply(row)).append("\";\n");
            }
        }
        return out.append("            default -> null;\n        };\n    }\n").toString();
    }

    private static void write(Path dir, String name, String body) throws IOException {
        Files.writeString(dir.resolve(name + ".java"), "package " + PACKAGE + ";\n\n" + body);
    }
}
