package dev.linnet.packetdrill.duel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The knobs and options that a duel is fought with, drawn from its seed.
final class DuelSettings {
    private static final int SOL_SOCKET = 1;
    private static final int SOL_TCP = 6;

    /// Names below `net.ipv4.tcp_`, and values.
    private static final String[][] KNOBS = {
        {"mtu_probing", "1", "2"},
        {"recovery", "0", "2", "4"},
        {"early_retrans", "0"},
        {"frto", "0"},
        {"slow_start_after_idle", "0"},
        {"dsack", "0"},
        {"retrans_collapse", "0"},
        {"moderate_rcvbuf", "0"},
        {"shrink_window", "1"},
        {"notsent_lowat", "1000", "16000"},
        {"rmem", "4096 16384 6291456", "4096 200000 400000"},
        {"adv_win_scale", "1", "2"},
        {"rto_min_us", "50000"},
        {"thin_linear_timeouts", "1"},
        {"retries2", "3"},
        {"base_mss", "512"},
        {"limit_output_bytes", "16384"},
        {"min_rtt_wlen", "1"},
        {"reordering", "6"},
        {"backlog_ack_defer", "0"},
        {"abort_on_overflow", "1"},
        {"min_tso_segs", "8"}
    };

    private DuelSettings() {}

    /// Arguments for `sysctl`.
    static String knobs(Random random, boolean ecn) {
        String cc = new String[] {"cubic", "cubic", "reno", "reno", "bbr"}[random.nextInt(5)];
        StringBuilder s = new StringBuilder("net.ipv4.tcp_congestion_control=" + cc);
        s.append(" net.ipv4.tcp_ecn=").append(ecn ? 1 : 2);
        s.append(" net.ipv4.tcp_no_metrics_save=1 net.ipv4.tcp_fastopen=0x602");
        s.append(" net.ipv4.tcp_comp_sack_nr=0"); // how many are left out is a matter of
        // microseconds
        for (int i = random.nextInt(3); i > 0; i--) {
            String[] knob = KNOBS[random.nextInt(KNOBS.length)];
            String value = knob[1 + random.nextInt(knob.length - 1)];
            s.append(" net.ipv4.tcp_").append(knob[0]).append("=\"").append(value).append('"');
        }
        return s.toString();
    }

    /// Level, name and value of options of the first socket.
    static List<int[]> options(Random random, boolean fastopen) {
        List<int[]> options = new ArrayList<>();
        sometimes(random, options, 3, SOL_SOCKET, 8, 12_000, 30_000, 100_000, 300_000);
        sometimes(random, options, 4, SOL_SOCKET, 7, 2000, 10_000, 40_000);
        sometimes(random, options, 3, SOL_TCP, 1, 1);
        sometimes(random, options, 12, SOL_TCP, 2, 200, 700, 1200);
        sometimes(random, options, 12, SOL_TCP, 10, 1000, 20_000);
        sometimes(random, options, 12, SOL_TCP, 18, 300, 1500);
        if (random.nextInt(8) == 0) {
            options.add(new int[] {SOL_SOCKET, 9, 1});
            options.add(new int[] {SOL_TCP, 4, 1});
            options.add(new int[] {SOL_TCP, 5, 1});
            options.add(new int[] {SOL_TCP, 6, 2});
        }
        sometimes(random, options, 15, SOL_SOCKET, 47, 20_000, 200_000);
        if (fastopen) {
            options.add(new int[] {SOL_TCP, 23, 5});
        }
        return options;
    }

    private static void sometimes(
            Random random, List<int[]> options, int oneIn, int level, int name, int... values) {
        if (random.nextInt(oneIn) == 0) {
            options.add(new int[] {level, name, values[random.nextInt(values.length)]});
        }
    }
}
