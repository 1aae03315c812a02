package dev.linnet.net.core.filter;

import dev.linnet.kernel.Kernel;
import dev.linnet.uapi.Bpf;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Finds out whether a classic program is one that ends, reads what exists and divides by what is not
/// zero (`bpf_check_classic`).
final class BpfCheck {
    /// Kinds of instructions, by their whole code.
    private static final Set<Integer> KNOWN =
            IntStream.concat(
                            IntStream.of(
                                    Bpf.ALU | Bpf.NEG,
                                    Bpf.LD | Bpf.W | Bpf.LEN,
                                    Bpf.LD | Bpf.IMM,
                                    Bpf.LD | Bpf.MEM,
                                    Bpf.LDX | Bpf.W | Bpf.LEN,
                                    Bpf.LDX | Bpf.B | Bpf.MSH,
                                    Bpf.LDX | Bpf.IMM,
                                    Bpf.LDX | Bpf.MEM,
                                    Bpf.ST,
                                    Bpf.STX,
                                    Bpf.MISC | Bpf.TAX,
                                    Bpf.MISC | Bpf.TXA,
                                    Bpf.RET | Bpf.K,
                                    Bpf.RET | Bpf.A,
                                    Bpf.JMP | Bpf.JA),
                            families())
                    .boxed()
                    .collect(Collectors.toUnmodifiableSet());

    private BpfCheck() {}

    /// Arithmetic and branches with both kinds of operand, loads of all sizes.
    private static IntStream families() {
        int[] alu = {
            Bpf.ADD, Bpf.SUB, Bpf.MUL, Bpf.DIV, Bpf.OR, Bpf.AND, Bpf.LSH, Bpf.RSH, Bpf.MOD, Bpf.XOR
        };
        int[] branches = {Bpf.JEQ, Bpf.JGT, Bpf.JGE, Bpf.JSET};
        IntStream operations =
                IntStream.concat(
                        Arrays.stream(alu).map(op -> Bpf.ALU | op),
                        Arrays.stream(branches).map(op -> Bpf.JMP | op));
        IntStream loads =
                IntStream.of(Bpf.W, Bpf.H, Bpf.B)
                        .flatMap(
                                size ->
                                        IntStream.of(
                                                Bpf.LD | size | Bpf.ABS, Bpf.LD | size | Bpf.IND));
        return IntStream.concat(
                operations.flatMap(op -> IntStream.of(op | Bpf.K, op | Bpf.X)), loads);
    }

    @Kernel("bpf_check_classic")
    static boolean good(int[] code, int[] jt, int[] jf, int[] k) {
        int length = code.length;
        for (int pc = 0; pc < length; pc++) {
            if (!KNOWN.contains(code[pc]) || !operandGood(code[pc], k[pc])) {
                return false;
            }
            if (!jumpGood(code[pc], jt[pc], jf[pc], k[pc], length - pc - 1)) {
                return false;
            }
        }
        int last = code[length - 1];
        boolean returns = last == (Bpf.RET | Bpf.K) || last == (Bpf.RET | Bpf.A);
        return returns && loadsFollowStores(code, jt, jf, k);
    }

    private static boolean operandGood(int code, int k) {
        return switch (code) {
            case Bpf.ALU | Bpf.DIV | Bpf.K, Bpf.ALU | Bpf.MOD | Bpf.K -> k != 0;
            case Bpf.ALU | Bpf.LSH | Bpf.K, Bpf.ALU | Bpf.RSH | Bpf.K ->
                    Integer.compareUnsigned(k, 32) < 0;
            case Bpf.LD | Bpf.MEM, Bpf.LDX | Bpf.MEM, Bpf.ST, Bpf.STX ->
                    Integer.compareUnsigned(k, Bpf.MEMWORDS) < 0;
            case Bpf.LD | Bpf.W | Bpf.ABS, Bpf.LD | Bpf.H | Bpf.ABS, Bpf.LD | Bpf.B | Bpf.ABS ->
                    Integer.compareUnsigned(k, Bpf.SKF_AD_OFF) < 0 || BpfProgram.isAncillary(k);
            default -> true;
        };
    }

    /// Jumps go forward and stay inside.
    ///
    /// @param after instructions after the jump
    private static boolean jumpGood(int code, int jt, int jf, int k, int after) {
        if ((code & 7) != Bpf.JMP) {
            return true;
        }
        return code == (Bpf.JMP | Bpf.JA)
                ? Integer.compareUnsigned(k, after) < 0
                : jt < after && jf < after;
    }

    /// On each way to a load from scratch memory there is a store to that word. Jumps go forward
    /// only, so one pass sees all ways to an instruction before it.
    @Kernel("check_load_and_stores")
    private static boolean loadsFollowStores(int[] code, int[] jt, int[] jf, int[] k) {
        int[] stored = new int[code.length];
        Arrays.fill(stored, -1);
        int now = 0;
        for (int pc = 0; pc < code.length; pc++) {
            now &= stored[pc];
            switch (code[pc]) {
                case Bpf.ST, Bpf.STX -> now |= 1 << k[pc];
                case Bpf.LD | Bpf.MEM, Bpf.LDX | Bpf.MEM -> {
                    if ((now & 1 << k[pc]) == 0) {
                        return false;
                    }
                }
                case Bpf.JMP | Bpf.JA -> {
                    stored[pc + 1 + k[pc]] &= now;
                    now = -1;
                }
                default -> {
                    if ((code[pc] & 7) == Bpf.JMP) {
                        stored[pc + 1 + jt[pc]] &= now;
                        stored[pc + 1 + jf[pc]] &= now;
                        now = -1;
                    }
                }
            }
        }
        return true;
    }
}
