package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.python.PythonCode;
import dev.linnet.packetdrill.python.PythonError;
import dev.linnet.packetdrill.python.PythonScope;
import dev.linnet.packetdrill.script.Source;
import dev.linnet.packetdrill.state.Descriptors.Descriptor;
import dev.linnet.packetdrill.state.EventFailure;
import dev.linnet.packetdrill.state.RunState;
import dev.linnet.packetdrill.syscall.SyscallNr;
import dev.linnet.packetdrill.target.UserMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Evaluates Python code over what the kernel says of the socket under test: `tcp_info`, its
/// congestion control, its memory.
final class CodeRunner {
    private static final int SOL_SOCKET = 1;
    private static final int SOL_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int TCP_CC_INFO = 26;
    private static final int SO_MEMINFO = 55;

    private static final String[] MEMINFO = {
        "SK_MEMINFO_RMEM_ALLOC",
        "SK_MEMINFO_RCVBUF",
        "SK_MEMINFO_WMEM_ALLOC",
        "SK_MEMINFO_SNDBUF",
        "SK_MEMINFO_FWD_ALLOC",
        "SK_MEMINFO_WMEM_QUEUED",
        "SK_MEMINFO_OPTMEM",
        "SK_MEMINFO_BACKLOG",
        "SK_MEMINFO_DROPS"
    };

    private final RunState state;
    private final PythonScope scope;

    CodeRunner(RunState state) {
        this.state = state;
        this.scope = new PythonScope(line -> state.trace().add("print: " + line));
        TcpInfo.constants(scope);
    }

    /// Runs a piece of code.
    ///
    /// @param at where it stands in the script
    /// @throws EventFailure if an assertion fails, or the code is wrong
    void run(PythonCode code, Source at) {
        Descriptor underTest = state.descriptors().underTest();
        if (underTest == null) {
            throw new EventFailure("runtime error in code: no socket to use for code");
        }
        collect(underTest.live());
        try {
            code.run(scope);
        } catch (PythonError error) {
            throw failure(error, at);
        }
    }

    /// What to report for an error of the code that stands there.
    static EventFailure failure(PythonError error, Source at) {
        String[] lines = at.text().split("\n", -1);
        String line = error.line() < lines.length ? lines[error.line()].strip() : "";
        return new EventFailure(
                "error in Python code, line "
                        + (at.line() + error.line())
                        + ": "
                        + line
                        + "\n"
                        + error.message());
    }

    private void collect(int fd) {
        byte[] info = get(fd, SOL_TCP, TCP_INFO, TcpInfo.BYTES);
        if (info.length == 0) {
            throw new EventFailure("runtime error in code: can't find getsockopt to get TCP info");
        }
        TcpInfo.fields(scope, info);
        congestionControl(get(fd, SOL_TCP, TCP_CC_INFO, 64));
        byte[] memory = get(fd, SOL_SOCKET, SO_MEMINFO, 64);
        ByteBuffer in = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < MEMINFO.length && 4 * i + 4 <= memory.length; i++) {
            scope.set(MEMINFO[i], TcpInfo.number(in, 4 * i, 4));
        }
    }

    /// An option's value; empty if the kernel refuses.
    private byte[] get(int fd, int level, int option, int bytes) {
        UserMemory memory = state.target().memory();
        long value = memory.allocate(bytes);
        long length = memory.allocate(new byte[] {(byte) bytes, (byte) (bytes >> 8), 0, 0});
        long result =
                state.target().syscall(SyscallNr.GETSOCKOPT, fd, level, option, value, length, 0);
        if (result < 0) {
            return new byte[0];
        }
        byte[] actual = memory.read(length, 4);
        return memory.read(value, (actual[0] & 0xff) | (actual[1] & 0xff) << 8);
    }

    /// The three shapes of `union tcp_cc_info`: which of them it is does not show, so each that
    /// fits is there.
    private void congestionControl(byte[] info) {
        ByteBuffer in = ByteBuffer.wrap(info).order(ByteOrder.LITTLE_ENDIAN);
        if (info.length >= 20) {
            long lo = TcpInfo.number(in, 0, 4);
            long hi = TcpInfo.number(in, 4, 4);
            scope.set("bbr_bw_lo", lo);
            scope.set("bbr_bw_hi", hi);
            scope.set("bbr_bw", hi << 32 | lo);
            scope.set("bbr_min_rtt", TcpInfo.number(in, 8, 4));
            scope.set("bbr_pacing_gain", TcpInfo.number(in, 12, 4));
            scope.set("bbr_cwnd_gain", TcpInfo.number(in, 16, 4));
        }
        if (info.length >= 16) {
            scope.set("dctcp_enabled", TcpInfo.number(in, 0, 2));
            scope.set("dctcp_ce_state", TcpInfo.number(in, 2, 2));
            scope.set("dctcp_alpha", TcpInfo.number(in, 4, 4));
            scope.set("dctcp_ab_ecn", TcpInfo.number(in, 8, 4));
            scope.set("dctcp_ab_tot", TcpInfo.number(in, 12, 4));
            scope.set("tcpv_enabled", TcpInfo.number(in, 0, 4));
            scope.set("tcpv_rttcnt", TcpInfo.number(in, 4, 4));
            scope.set("tcp_rtt", TcpInfo.number(in, 8, 4));
            scope.set("tcp_minrtt", TcpInfo.number(in, 12, 4));
        }
    }
}
