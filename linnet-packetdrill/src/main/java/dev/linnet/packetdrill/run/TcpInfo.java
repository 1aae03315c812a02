package dev.linnet.packetdrill.run;

import dev.linnet.packetdrill.python.PythonScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads `struct tcp_info` of Linux 6.18 into variables, field by field, as far as the kernel has
/// filled it in.
final class TcpInfo {
    /// Room for this structure and what later kernels may add.
    static final int BYTES = 512;

    private static final int FLAG_BYTES = 8;
    private static final int BIT_FIELDS = 6;

    private static final String[] BYTE_FIELDS = {
        "tcpi_state",
        "tcpi_ca_state",
        "tcpi_retransmits",
        "tcpi_probes",
        "tcpi_backoff",
        "tcpi_options"
    };

    /// All fields after the first eight bytes, with their size in bytes. They lie one behind the
    /// other without gaps.
    private static final Object[][] FIELDS = {
        {"tcpi_rto", 4},
        {"tcpi_ato", 4},
        {"tcpi_snd_mss", 4},
        {"tcpi_rcv_mss", 4},
        {"tcpi_unacked", 4},
        {"tcpi_sacked", 4},
        {"tcpi_lost", 4},
        {"tcpi_retrans", 4},
        {"tcpi_fackets", 4},
        {"tcpi_last_data_sent", 4},
        {"tcpi_last_ack_sent", 4},
        {"tcpi_last_data_recv", 4},
        {"tcpi_last_ack_recv", 4},
        {"tcpi_pmtu", 4},
        {"tcpi_rcv_ssthresh", 4},
        {"tcpi_rtt", 4},
        {"tcpi_rttvar", 4},
        {"tcpi_snd_ssthresh", 4},
        {"tcpi_snd_cwnd", 4},
        {"tcpi_advmss", 4},
        {"tcpi_reordering", 4},
        {"tcpi_rcv_rtt", 4},
        {"tcpi_rcv_space", 4},
        {"tcpi_total_retrans", 4},
        {"tcpi_pacing_rate", 8},
        {"tcpi_max_pacing_rate", 8},
        {"tcpi_bytes_acked", 8},
        {"tcpi_bytes_received", 8},
        {"tcpi_segs_out", 4},
        {"tcpi_segs_in", 4},
        {"tcpi_notsent_bytes", 4},
        {"tcpi_min_rtt", 4},
        {"tcpi_data_segs_in", 4},
        {"tcpi_data_segs_out", 4},
        {"tcpi_delivery_rate", 8},
        {"tcpi_busy_time", 8},
        {"tcpi_rwnd_limited", 8},
        {"tcpi_sndbuf_limited", 8},
        {"tcpi_delivered", 4},
        {"tcpi_delivered_ce", 4},
        {"tcpi_bytes_sent", 8},
        {"tcpi_bytes_retrans", 8},
        {"tcpi_dsack_dups", 4},
        {"tcpi_reord_seen", 4},
        {"tcpi_rcv_ooopack", 4},
        {"tcpi_snd_wnd", 4},
        {"tcpi_rcv_wnd", 4},
        {"tcpi_rehash", 4},
        {"tcpi_total_rto", 2},
        {"tcpi_total_rto_recoveries", 2},
        {"tcpi_total_rto_time", 4},
        {"tcpi_received_ce", 4},
        {"tcpi_delivered_e1_bytes", 4},
        {"tcpi_delivered_e0_bytes", 4},
        {"tcpi_delivered_ce_bytes", 4},
        {"tcpi_received_e1_bytes", 4},
        {"tcpi_received_e0_bytes", 4},
        {"tcpi_received_ce_bytes", 4},
        {"tcpi_accecn_fail_mode", 2},
        {"tcpi_accecn_opt_seen", 2},
    };

    /// Names that code compares fields with.
    private static final Object[][] CONSTANTS = {
        {"TCP_ESTABLISHED", 1},
        {"TCP_SYN_SENT", 2},
        {"TCP_SYN_RECV", 3},
        {"TCP_FIN_WAIT1", 4},
        {"TCP_FIN_WAIT2", 5},
        {"TCP_TIME_WAIT", 6},
        {"TCP_CLOSE", 7},
        {"TCP_CLOSE_WAIT", 8},
        {"TCP_LAST_ACK", 9},
        {"TCP_LISTEN", 10},
        {"TCP_CLOSING", 11},
        {"TCP_CA_Open", 0},
        {"TCP_CA_Disorder", 1},
        {"TCP_CA_CWR", 2},
        {"TCP_CA_Recovery", 3},
        {"TCP_CA_Loss", 4},
        {"TCPI_OPT_TIMESTAMPS", 1},
        {"TCPI_OPT_SACK", 2},
        {"TCPI_OPT_WSCALE", 4},
        {"TCPI_OPT_ECN", 8},
        {"TCPI_OPT_ECN_SEEN", 16},
        {"TCPI_OPT_SYN_DATA", 32},
        {"TCPI_OPT_USEC_TS", 64},
        {"TCPI_OPT_TFO_CHILD", 128},
    };

    private TcpInfo() {}

    /// Defines the names that do not change.
    static void constants(PythonScope scope) {
        for (Object[] constant : CONSTANTS) {
            scope.set((String) constant[0], (Integer) constant[1]);
        }
    }

    /// Sets all fields that `bytes` has.
    static void fields(PythonScope scope, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < BYTE_FIELDS.length && i < bytes.length; i++) {
            scope.set(BYTE_FIELDS[i], in.get(i) & 0xff);
        }
        if (bytes.length >= FLAG_BYTES) {
            scope.set("tcpi_snd_wscale", in.get(BIT_FIELDS) & 0xf);
            scope.set("tcpi_rcv_wscale", in.get(BIT_FIELDS) >> 4 & 0xf);
            scope.set("tcpi_delivery_rate_app_limited", in.get(BIT_FIELDS + 1) & 1);
            scope.set("tcpi_fastopen_client_fail", in.get(BIT_FIELDS + 1) >> 1 & 3);
        }
        int at = FLAG_BYTES;
        for (Object[] field : FIELDS) {
            int size = (Integer) field[1];
            if (at + size > bytes.length) {
                return;
            }
            scope.set((String) field[0], number(in, at, size));
            at += size;
        }
    }

    static long number(ByteBuffer in, int at, int size) {
        return switch (size) {
            case 2 -> Short.toUnsignedLong(in.getShort(at));
            case 4 -> Integer.toUnsignedLong(in.getInt(at));
            default -> in.getLong(at);
        };
    }
}
