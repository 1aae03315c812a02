package dev.linnet.uapi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the fields of [TcpInfo] are in `struct tcp_info`: one row per field in order, from which
/// follow offsets, reading and writing.
///
/// @param name the C name
/// @param offset of the first byte
/// @param bytes 1, 2, 4 or 8
/// @param shift of the lowest bit, for bit fields
/// @param bits of a bit field, 0 for a whole field
/// @param handle the field of [TcpInfo]
record TcpInfoLayout(String name, int offset, int bytes, int shift, int bits, VarHandle handle) {
    static final List<TcpInfoLayout> FIELDS = new ArrayList<>();
    private static final Map<String, TcpInfoLayout> BY_NAME = new HashMap<>();
    private static int end;

    static {
        field("state", 1);
        field("ca_state", 1);
        field("retransmits", 1);
        field("probes", 1);
        field("backoff", 1);
        field("options", 1);
        bits("snd_wscale", 6, 0, 4);
        bits("rcv_wscale", 6, 4, 4);
        bits("delivery_rate_app_limited", 7, 0, 1);
        bits("fastopen_client_fail", 7, 1, 2);
        field("rto", 4);
        field("ato", 4);
        field("snd_mss", 4);
        field("rcv_mss", 4);
        field("unacked", 4);
        field("sacked", 4);
        field("lost", 4);
        field("retrans", 4);
        field("fackets", 4);
        field("last_data_sent", 4);
        field("last_ack_sent", 4);
        field("last_data_recv", 4);
        field("last_ack_recv", 4);
        field("pmtu", 4);
        field("rcv_ssthresh", 4);
        field("rtt", 4);
        field("rttvar", 4);
        field("snd_ssthresh", 4);
        field("snd_cwnd", 4);
        field("advmss", 4);
        field("reordering", 4);
        field("rcv_rtt", 4);
        field("rcv_space", 4);
        field("total_retrans", 4);
        field("pacing_rate", 8);
        field("max_pacing_rate", 8);
        field("bytes_acked", 8);
        field("bytes_received", 8);
        field("segs_out", 4);
        field("segs_in", 4);
        field("notsent_bytes", 4);
        field("min_rtt", 4);
        field("data_segs_in", 4);
        field("data_segs_out", 4);
        field("delivery_rate", 8);
        field("busy_time", 8);
        field("rwnd_limited", 8);
        field("sndbuf_limited", 8);
        field("delivered", 4);
        field("delivered_ce", 4);
        field("bytes_sent", 8);
        field("bytes_retrans", 8);
        field("dsack_dups", 4);
        field("reord_seen", 4);
        field("rcv_ooopack", 4);
        field("snd_wnd", 4);
        field("rcv_wnd", 4);
        field("rehash", 4);
        field("total_rto", 2);
        field("total_rto_recoveries", 2);
        field("total_rto_time", 4);
        field("received_ce", 4);
        field("delivered_e1_bytes", 4);
        field("delivered_e0_bytes", 4);
        field("delivered_ce_bytes", 4);
        field("received_e1_bytes", 4);
        field("received_e0_bytes", 4);
        field("received_ce_bytes", 4);
        field("accecn_fail_mode", 2);
        field("accecn_opt_seen", 2);
    }

    private static void field(String name, int bytes) {
        add(name, end, bytes, 0, 0);
        end += bytes;
    }

    private static void bits(String name, int offset, int shift, int bits) {
        add(name, offset, 1, shift, bits);
        end = offset + 1;
    }

    private static void add(String name, int offset, int bytes, int shift, int bits) {
        Class<?> type = bytes >= 4 ? long.class : int.class;
        try {
            VarHandle handle =
                    MethodHandles.lookup().findVarHandle(TcpInfo.class, camelCase(name), type);
            TcpInfoLayout row =
                    new TcpInfoLayout("tcpi_" + name, offset, bytes, shift, bits, handle);
            FIELDS.add(row);
            BY_NAME.put(row.name, row);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static String camelCase(String name) {
        StringBuilder camel = new StringBuilder(name.length());
        boolean upper = false;
        for (char c : name.toCharArray()) {
            if (c != '_') {
                camel.append(upper ? Character.toUpperCase(c) : c);
            }
            upper = c == '_';
        }
        return camel.toString();
    }

    static TcpInfoLayout field(String name) {
        TcpInfoLayout row = BY_NAME.get(name);
        if (row == null) {
            throw new IllegalArgumentException("tcp_info has no field " + name);
        }
        return row;
    }

    long get(TcpInfo info) {
        return bytes >= 4 ? (long) handle.get(info) : (int) handle.get(info);
    }

    private void set(TcpInfo info, long value) {
        if (bytes >= 4) {
            handle.set(info, value);
        } else {
            handle.set(info, (int) value);
        }
    }

    static void encode(TcpInfo info, byte[] buf, int off) {
        for (TcpInfoLayout row : FIELDS) {
            row.write(buf, off + row.offset, row.get(info));
        }
    }

    static void decode(TcpInfo info, byte[] buf, int off, int len) {
        for (TcpInfoLayout row : FIELDS) {
            if (row.offset + row.bytes <= len) {
                row.set(info, row.read(buf, off + row.offset));
            }
        }
    }

    private void write(byte[] buf, int at, long value) {
        switch (bytes) {
            case 1 -> {
                int mask = bits == 0 ? 0xff : (1 << bits) - 1;
                int others = shift == 0 ? 0 : buf[at] & (1 << shift) - 1;
                buf[at] = (byte) (others | ((int) value & mask) << shift);
            }
            case 2 -> Abi.putShort(buf, at, (int) value);
            case 4 -> Abi.putInt(buf, at, (int) value);
            default -> Abi.putLong(buf, at, value);
        }
    }

    private long read(byte[] buf, int at) {
        return switch (bytes) {
            case 1 -> {
                int mask = bits == 0 ? 0xff : (1 << bits) - 1;
                yield (buf[at] & 0xff) >>> shift & mask;
            }
            case 2 -> Abi.getShort(buf, at);
            case 4 -> Abi.getInt(buf, at) & 0xffff_ffffL;
            default -> Abi.getLong(buf, at);
        };
    }
}
