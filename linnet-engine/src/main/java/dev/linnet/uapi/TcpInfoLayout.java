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
    /// Name and type; of a bit field the byte, the lowest bit and how many.
    private static final String TABLE =
            """
            state u8
            ca_state u8
            retransmits u8
            probes u8
            backoff u8
            options u8
            snd_wscale 6.0:4
            rcv_wscale 6.4:4
            delivery_rate_app_limited 7.0:1
            fastopen_client_fail 7.1:2
            rto u32
            ato u32
            snd_mss u32
            rcv_mss u32
            unacked u32
            sacked u32
            lost u32
            retrans u32
            fackets u32
            last_data_sent u32
            last_ack_sent u32
            last_data_recv u32
            last_ack_recv u32
            pmtu u32
            rcv_ssthresh u32
            rtt u32
            rttvar u32
            snd_ssthresh u32
            snd_cwnd u32
            advmss u32
            reordering u32
            rcv_rtt u32
            rcv_space u32
            total_retrans u32
            pacing_rate u64
            max_pacing_rate u64
            bytes_acked u64
            bytes_received u64
            segs_out u32
            segs_in u32
            notsent_bytes u32
            min_rtt u32
            data_segs_in u32
            data_segs_out u32
            delivery_rate u64
            busy_time u64
            rwnd_limited u64
            sndbuf_limited u64
            delivered u32
            delivered_ce u32
            bytes_sent u64
            bytes_retrans u64
            dsack_dups u32
            reord_seen u32
            rcv_ooopack u32
            snd_wnd u32
            rcv_wnd u32
            rehash u32
            total_rto u16
            total_rto_recoveries u16
            total_rto_time u32
            received_ce u32
            delivered_e1_bytes u32
            delivered_e0_bytes u32
            delivered_ce_bytes u32
            received_e1_bytes u32
            received_e0_bytes u32
            received_ce_bytes u32
            accecn_fail_mode u16
            accecn_opt_seen u16
            """;

    static final List<TcpInfoLayout> FIELDS = new ArrayList<>();
    private static final Map<String, TcpInfoLayout> BY_NAME = new HashMap<>();
    private static int end;

    static {
        TABLE.lines().map(row -> row.split("[ .:]")).forEach(TcpInfoLayout::add);
    }

    private static void add(String[] row) {
        if (row.length == 2) {
            int bytes = Integer.parseInt(row[1].substring(1)) / 8;
            add(row[0], end, bytes, 0, 0);
            end += bytes;
        } else {
            int offset = Integer.parseInt(row[1]);
            add(row[0], offset, 1, Integer.parseInt(row[2]), Integer.parseInt(row[3]));
            end = offset + 1;
        }
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
