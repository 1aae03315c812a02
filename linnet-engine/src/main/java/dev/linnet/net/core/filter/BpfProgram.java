package dev.linnet.net.core.filter;

import dev.linnet.kernel.Kernel;
import dev.linnet.net.core.dev.NetDevice;
import dev.linnet.net.core.skb.SkBuff;
import dev.linnet.net.core.skb.SkbOps;
import dev.linnet.uapi.Abi;
import dev.linnet.uapi.Bpf;
import org.jspecify.annotations.Nullable;

/// A classic packet filter program that the checker has passed (`struct bpf_prog` with its
/// `orig_prog`). Immutable, any thread may run it.
@Kernel("bpf_prog")
public final class BpfProgram {
    /// What a load outside of the packet gives; no load of 32 bits can.
    private static final long OUTSIDE = -1;

    private static final int[] MSB_TO_BYTES = {4, 2, 1};

    private final byte[] raw;
    private final int[] code;
    private final int[] jt;
    private final int[] jf;
    private final int[] k;

    private BpfProgram(byte[] raw) {
        int length = raw.length / Bpf.SOCK_FILTER_SIZE;
        this.raw = raw;
        code = new int[length];
        jt = new int[length];
        jf = new int[length];
        k = new int[length];
        for (int i = 0; i < length; i++) {
            int at = i * Bpf.SOCK_FILTER_SIZE;
            code[i] = Abi.getShort(raw, at) & 0xFFFF;
            jt[i] = raw[at + 2] & 0xFF;
            jf[i] = raw[at + 3] & 0xFF;
            k[i] = Abi.getInt(raw, at + 4);
        }
    }

    /// The program made of an array of `struct sock_filter`, or null if it is empty, too long, or the
    /// checker refuses it: `-EINVAL`.
    @Kernel({"bpf_prog_create_from_user", "bpf_prepare_filter"})
    public static @Nullable BpfProgram of(byte[] instructions) {
        int length = instructions.length / Bpf.SOCK_FILTER_SIZE;
        boolean sized = length > 0 && length <= Bpf.MAXINSNS;
        if (!sized || instructions.length % Bpf.SOCK_FILTER_SIZE != 0) {
            return null;
        }
        BpfProgram p = new BpfProgram(instructions.clone());
        return BpfCheck.good(p.code, p.jt, p.jf, p.k) ? p : null;
    }

    /// How many instructions it has.
    public int length() {
        return code.length;
    }

    /// The instructions, as they were given.
    public byte[] instructions() {
        return raw.clone();
    }

    /// Runs on a packet: the program's verdict, unsigned. 0 also when it reads outside of the packet
    /// or divides by zero. Position 0 is the packet's `data`.
    @Kernel("bpf_prog_run")
    public int run(SkBuff skb) {
        int[] mem = new int[Bpf.MEMWORDS];
        int a = 0;
        int x = 0;
        for (int pc = 0; pc < code.length; pc++) {
            int op = code[pc];
            int operand = (op & Bpf.X) != 0 ? x : k[pc];
            switch (op & 7) {
                case Bpf.LD -> {
                    long loaded = load(skb, op, k[pc], a, x, mem);
                    if (loaded == OUTSIDE) {
                        return 0;
                    }
                    a = (int) loaded;
                }
                case Bpf.LDX -> {
                    long loaded = loadX(skb, op, k[pc], mem);
                    if (loaded == OUTSIDE) {
                        return 0;
                    }
                    x = (int) loaded;
                }
                case Bpf.ST -> mem[k[pc]] = a;
                case Bpf.STX -> mem[k[pc]] = x;
                case Bpf.ALU -> {
                    boolean divides = op == (Bpf.ALU | Bpf.DIV | Bpf.X);
                    if (operand == 0 && (divides || op == (Bpf.ALU | Bpf.MOD | Bpf.X))) {
                        return 0;
                    }
                    a = alu(op & 0xF0, a, operand);
                }
                case Bpf.JMP -> pc += jump(op & 0xF0, a, operand, pc);
                case Bpf.RET -> {
                    return op == (Bpf.RET | Bpf.A) ? a : k[pc];
                }
                default -> {
                    if (op == (Bpf.MISC | Bpf.TAX)) {
                        x = a;
                    } else {
                        a = x;
                    }
                }
            }
        }
        throw new AssertionError("the checker saw a return at the end");
    }

    private static int alu(int op, int a, int operand) {
        return switch (op) {
            case Bpf.ADD -> a + operand;
            case Bpf.SUB -> a - operand;
            case Bpf.MUL -> a * operand;
            case Bpf.DIV -> Integer.divideUnsigned(a, operand);
            case Bpf.MOD -> Integer.remainderUnsigned(a, operand);
            case Bpf.OR -> a | operand;
            case Bpf.AND -> a & operand;
            case Bpf.XOR -> a ^ operand;
            case Bpf.LSH -> a << operand;
            case Bpf.RSH -> a >>> operand;
            default -> -a;
        };
    }

    /// How many instructions are skipped.
    private int jump(int op, int a, int operand, int pc) {
        boolean taken =
                switch (op) {
                    case Bpf.JEQ -> a == operand;
                    case Bpf.JGT -> Integer.compareUnsigned(a, operand) > 0;
                    case Bpf.JGE -> Integer.compareUnsigned(a, operand) >= 0;
                    default -> (a & operand) != 0;
                };
        return op == Bpf.JA ? k[pc] : taken ? jt[pc] : jf[pc];
    }

    // ---- loads
    // ---------------------------------------------------------------------------------------

    private static long load(SkBuff skb, int op, int k, int a, int x, int[] mem) {
        int bytes = MSB_TO_BYTES[(op & 0x18) >> 3];
        return switch (op & 0xE0) {
            case Bpf.IMM -> unsigned(k);
            case Bpf.MEM -> unsigned(mem[k]);
            case Bpf.LEN -> unsigned(skb.len);
            case Bpf.IND -> fetch(skb, x + k, bytes);
            default -> isAncillary(k) ? ancillary(skb, k, a, x) : fetch(skb, k, bytes);
        };
    }

    private static long loadX(SkBuff skb, int op, int k, int[] mem) {
        return switch (op & 0xE0) {
            case Bpf.IMM -> unsigned(k);
            case Bpf.MEM -> unsigned(mem[k]);
            case Bpf.LEN -> unsigned(skb.len);
            default -> {
                long first = fetch(skb, k, 1);
                yield first == OUTSIDE ? OUTSIDE : (first & 0xF) << 2; // length of an IPv4 header
            }
        };
    }

    private static long unsigned(int v) {
        return Integer.toUnsignedLong(v);
    }

    /// Bytes of the packet in network order, or [#OUTSIDE].
    @Kernel({"bpf_skb_load_helper_32", "bpf_internal_load_pointer_neg_helper"})
    private static long fetch(SkBuff skb, int k, int bytes) {
        int at = k;
        if (k < 0) {
            if (k >= Bpf.SKF_NET_OFF) {
                at = skb.networkHeader - skb.data + k - Bpf.SKF_NET_OFF;
            } else if (k >= Bpf.SKF_LL_OFF) {
                at = skb.macHeader - skb.data + k - Bpf.SKF_LL_OFF;
            } else {
                return OUTSIDE;
            }
            if (skb.data + at >= 0 && at + bytes <= skb.headlen()) {
                return read(skb.buf, skb.data + at, bytes); // may lie before the data
            }
        }
        if (at < 0 || at > skb.len - bytes) {
            return OUTSIDE;
        }
        if (at + bytes <= skb.headlen()) {
            return read(skb.buf, skb.data + at, bytes);
        }
        byte[] scratch = new byte[bytes];
        SkbOps.copyBits(skb, at, scratch, 0, bytes);
        return read(scratch, 0, bytes);
    }

    private static long read(byte[] b, int at, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | b[at + i] & 0xFF;
        }
        return value;
    }

    /// True for the operand of an absolute load that means a fact about the packet.
    @Kernel("bpf_anc_helper")
    static boolean isAncillary(int k) {
        int fact = k - Bpf.SKF_AD_OFF;
        return k >= Bpf.SKF_AD_OFF && k < 0 && fact < Bpf.SKF_AD_MAX && (fact & 3) == 0;
    }

    @Kernel("convert_bpf_extensions")
    private static long ancillary(SkBuff skb, int k, int a, int x) {
        NetDevice dev = skb.dev;
        return switch (k - Bpf.SKF_AD_OFF) {
            case Bpf.SKF_AD_PROTOCOL -> skb.protocol;
            case Bpf.SKF_AD_PKTTYPE -> skb.pktType;
            case Bpf.SKF_AD_IFINDEX -> dev == null ? OUTSIDE : dev.ifindex;
            case Bpf.SKF_AD_HATYPE -> dev == null ? OUTSIDE : dev.type;
            case Bpf.SKF_AD_MARK -> unsigned(skb.mark);
            case Bpf.SKF_AD_RXHASH -> unsigned(skb.hash);
            case Bpf.SKF_AD_ALU_XOR_X -> unsigned(a ^ x);
            case Bpf.SKF_AD_PAY_OFFSET -> Math.max(0, skb.transportHeader - skb.data);
            case Bpf.SKF_AD_RANDOM -> dev == null ? 0 : unsigned(dev.net.random.nextInt());
            default -> 0; // VLAN tags, queues, processors, Netlink attributes: there are none
        };
    }
}
