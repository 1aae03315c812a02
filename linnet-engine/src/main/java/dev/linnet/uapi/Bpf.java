package dev.linnet.uapi;

/// Instructions of the classic Berkeley Packet Filter (`struct sock_filter`: a 16-bit code, two 8-bit
/// jumps, a 32-bit operand) and the places outside of the packet that they may read.
///
/// Source: `include/uapi/linux/bpf_common.h`, `include/uapi/linux/filter.h`.
public final class Bpf {
    /// Bytes of a `struct sock_filter`, and of a `struct sock_fprog`.
    public static final int SOCK_FILTER_SIZE = 8;

    public static final int SOCK_FPROG_SIZE = 16;

    /// Most instructions of a program.
    public static final int MAXINSNS = 4096;

    /// Words of scratch memory.
    public static final int MEMWORDS = 16;

    // Classes.

    public static final int LD = 0x00;
    public static final int LDX = 0x01;
    public static final int ST = 0x02;
    public static final int STX = 0x03;
    public static final int ALU = 0x04;
    public static final int JMP = 0x05;
    public static final int RET = 0x06;
    public static final int MISC = 0x07;

    // Sizes and modes of loads.

    public static final int W = 0x00;
    public static final int H = 0x08;
    public static final int B = 0x10;
    public static final int IMM = 0x00;
    public static final int ABS = 0x20;
    public static final int IND = 0x40;
    public static final int MEM = 0x60;
    public static final int LEN = 0x80;
    public static final int MSH = 0xA0;

    // Operations, and where their operand is.

    public static final int ADD = 0x00;
    public static final int SUB = 0x10;
    public static final int MUL = 0x20;
    public static final int DIV = 0x30;
    public static final int OR = 0x40;
    public static final int AND = 0x50;
    public static final int LSH = 0x60;
    public static final int RSH = 0x70;
    public static final int NEG = 0x80;
    public static final int MOD = 0x90;
    public static final int XOR = 0xA0;
    public static final int JA = 0x00;
    public static final int JEQ = 0x10;
    public static final int JGT = 0x20;
    public static final int JGE = 0x30;
    public static final int JSET = 0x40;
    public static final int K = 0x00;
    public static final int X = 0x08;
    public static final int A = 0x10;
    public static final int TAX = 0x00;
    public static final int TXA = 0x80;

    // Operands of absolute loads that do not mean the packet's data.

    /// Facts about the packet.
    public static final int SKF_AD_OFF = -0x1000;

    public static final int SKF_AD_PROTOCOL = 0;
    public static final int SKF_AD_PKTTYPE = 4;
    public static final int SKF_AD_IFINDEX = 8;
    public static final int SKF_AD_NLATTR = 12;
    public static final int SKF_AD_NLATTR_NEST = 16;
    public static final int SKF_AD_MARK = 20;
    public static final int SKF_AD_QUEUE = 24;
    public static final int SKF_AD_HATYPE = 28;
    public static final int SKF_AD_RXHASH = 32;
    public static final int SKF_AD_CPU = 36;
    public static final int SKF_AD_ALU_XOR_X = 40;
    public static final int SKF_AD_VLAN_TAG = 44;
    public static final int SKF_AD_VLAN_TAG_PRESENT = 48;
    public static final int SKF_AD_PAY_OFFSET = 52;
    public static final int SKF_AD_RANDOM = 56;
    public static final int SKF_AD_VLAN_TPID = 60;

    /// The first after the facts.
    public static final int SKF_AD_MAX = 64;

    /// Counted from the network header, and from the link header.
    public static final int SKF_NET_OFF = -0x100000;

    public static final int SKF_LL_OFF = -0x200000;

    private Bpf() {}
}
