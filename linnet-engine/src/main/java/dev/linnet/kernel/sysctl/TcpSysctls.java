package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `net.ipv4.tcp_*`: knobs of TCP, over IPv4 and IPv6 alike.
///
/// Mirrors `net/ipv4/sysctl_net_ipv4.c`.
public final class TcpSysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.ipv4.");
    private static final SysctlTable INHERITED = TABLE.in(Scope.INHERITED);
    private static final SysctlTable INITIAL = TABLE.in(Scope.INITIAL);
    private static final SysctlTable WRITABLE = TABLE.in(Scope.INITIAL_WRITABLE);

    /// Reset what the accept queue has no room for.
    public static final Sysctl.Bool ABORT_ON_OVERFLOW =
            TABLE.flag(
                    "tcp_abort_on_overflow", false, "Reset what the accept queue has no room for");

    /// Without an effect.
    public static final Sysctl.Int ADV_WIN_SCALE =
            TABLE.integer("tcp_adv_win_scale", 1, -31, 31, "Without an effect");

    /// Part of the window for the program, a shift.
    public static final Sysctl.Int APP_WIN =
            TABLE.u8("tcp_app_win", 31, 0, 31, "Part of the window for the program, a shift");

    /// Hold back small segments while others wait.
    public static final Sysctl.Bool AUTOCORKING =
            TABLE.onOff("tcp_autocorking", true, "Hold back small segments while others wait");

    /// Congestion controls that exist.
    public static final Sysctl.Virtual AVAILABLE_CONGESTION_CONTROL =
            TABLE.virtual(
                    "tcp_available_congestion_control",
                    SysctlSpec.READ_ONLY,
                    TextHandlers.AVAILABLE_CONGESTION,
                    "Congestion controls that exist");

    /// Send one ACK for all that the backlog held.
    public static final Sysctl.Bool BACKLOG_ACK_DEFER =
            TABLE.onOff(
                    "tcp_backlog_ack_defer", true, "Send one ACK for all that the backlog held");

    /// First segment size that MTU probing tries.
    public static final Sysctl.Int BASE_MSS =
            TABLE.integer("tcp_base_mss", 1024, "First segment size that MTU probing tries");

    /// Challenge ACKs per second (RFC 5961).
    public static final Sysctl.Int CHALLENGE_ACK_LIMIT =
            TABLE.integer(
                    "tcp_challenge_ack_limit",
                    Integer.MAX_VALUE,
                    "Challenge ACKs per second (RFC 5961)");

    /// Connection table of a new namespace, buckets; 0 shares that of the first.
    public static final Sysctl.UInt CHILD_EHASH_ENTRIES =
            TABLE.uint(
                    "tcp_child_ehash_entries",
                    0,
                    0,
                    1 << 24,
                    "Connection table of a new namespace, buckets; 0 shares that of the first");

    /// Time that an ACK with SACK is held back, ns.
    public static final Sysctl.ULong COMP_SACK_DELAY_NS =
            TABLE.ulong(
                    "tcp_comp_sack_delay_ns",
                    1_000_000,
                    "Time that an ACK with SACK is held back, ns");

    /// ACKs with SACK that may be held back; 0 none.
    public static final Sysctl.Int COMP_SACK_NR =
            TABLE.u8("tcp_comp_sack_nr", 44, "ACKs with SACK that may be held back; 0 none");

    /// Slack of the timer of held back ACKs, ns.
    public static final Sysctl.ULong COMP_SACK_SLACK_NS =
            TABLE.ulong(
                    "tcp_comp_sack_slack_ns", 100_000, "Slack of the timer of held back ACKs, ns");

    /// Report duplicates (RFC 2883).
    public static final Sysctl.Bool DSACK =
            TABLE.flag("tcp_dsack", true, "Report duplicates (RFC 2883)");

    /// Look up the socket before the route.
    public static final Sysctl.Bool EARLY_DEMUX =
            TABLE.flag("tcp_early_demux", true, "Look up the socket before the route");

    /// Tail loss probes: 0 off, 3 or 4 on.
    public static final Sysctl.Int EARLY_RETRANS =
            TABLE.u8("tcp_early_retrans", 3, 0, 4, "Tail loss probes: 0 off, 3 or 4 on");

    /// Explicit congestion notification: 0 never, 1 ask for it, 2 agree to it.
    public static final Sysctl.Int ECN =
            TABLE.u8(
                    "tcp_ecn",
                    2,
                    0,
                    2,
                    "Explicit congestion notification: 0 never, 1 ask for it, 2 agree to it");

    /// Try again without ECN when a SYN is lost.
    public static final Sysctl.Bool ECN_FALLBACK =
            TABLE.onOff("tcp_ecn_fallback", true, "Try again without ECN when a SYN is lost");

    /// Accurate ECN option: 0 never, 1 where needed, 2 always.
    public static final Sysctl.Int ECN_OPTION =
            TABLE.u8(
                    "tcp_ecn_option",
                    2,
                    0,
                    2,
                    "Accurate ECN option: 0 never, 1 where needed, 2 always");

    /// Accurate ECN options per round trip.
    public static final Sysctl.Int ECN_OPTION_BEACON =
            TABLE.u8("tcp_ecn_option_beacon", 3, 0, 3, "Accurate ECN options per round trip");

    /// Connection table, buckets; negative if it is shared.
    public static final Sysctl.Int EHASH_ENTRIES =
            TABLE.readOnly(
                    "tcp_ehash_entries",
                    m -> m.tcpHashEntries(),
                    "Connection table, buckets; negative if it is shared");

    /// Without an effect.
    public static final Sysctl.Bool FACK = TABLE.flag("tcp_fack", false, "Without an effect");

    /// Fast Open (RFC 7413), bits: 1 client, 2 server, 4 and 0x200 without cookie.
    public static final Sysctl.Int FASTOPEN =
            TABLE.integer(
                    "tcp_fastopen",
                    1,
                    "Fast Open (RFC 7413), bits: 1 client, 2 server, 4 and 0x200 without cookie");

    /// First pause of Fast Open after a black hole, seconds; 0 never pauses.
    public static final Sysctl.Int FASTOPEN_BLACKHOLE_TIMEOUT_SEC =
            TABLE.integer(
                    "tcp_fastopen_blackhole_timeout_sec",
                    0,
                    0,
                    Integer.MAX_VALUE,
                    "First pause of Fast Open after a black hole, seconds; 0 never pauses");

    /// Keys of Fast Open cookies: the first and perhaps an older one.
    public static final Sysctl.Text FASTOPEN_KEY =
            TABLE.text(
                    "tcp_fastopen_key",
                    SysctlSpec.PRIVATE,
                    "00000000-00000000-00000000-00000000",
                    TextHandlers.FASTOPEN_KEY,
                    "Keys of Fast Open cookies: the first and perhaps an older one");

    /// Time of an orphan in FIN-WAIT-2.
    public static final Sysctl.Int FIN_TIMEOUT =
            TABLE.seconds("tcp_fin_timeout", 60, "Time of an orphan in FIN-WAIT-2");

    /// Detect needless timeouts (RFC 5682).
    public static final Sysctl.Int FRTO =
            TABLE.u8("tcp_frto", 2, "Detect needless timeouts (RFC 5682)");

    /// A connection takes the mark of its SYN.
    public static final Sysctl.Bool FWMARK_ACCEPT =
            TABLE.flag("tcp_fwmark_accept", false, "A connection takes the mark of its SYN");

    /// Time between ACKs to misplaced segments.
    public static final Sysctl.Int INVALID_RATELIMIT =
            TABLE.millis("tcp_invalid_ratelimit", 500, "Time between ACKs to misplaced segments");

    /// Time between keepalive probes.
    public static final Sysctl.Int KEEPALIVE_INTVL =
            TABLE.seconds("tcp_keepalive_intvl", 75, "Time between keepalive probes");

    /// Unanswered probes that end a connection.
    public static final Sysctl.Int KEEPALIVE_PROBES =
            TABLE.u8("tcp_keepalive_probes", 9, "Unanswered probes that end a connection");

    /// Idle time before the first keepalive probe.
    public static final Sysctl.Int KEEPALIVE_TIME =
            TABLE.seconds("tcp_keepalive_time", 7200, "Idle time before the first keepalive probe");

    /// Listeners take all routing domains.
    public static final Sysctl.Bool L3MDEV_ACCEPT =
            TABLE.onOff("tcp_l3mdev_accept", false, "Listeners take all routing domains");

    /// Bytes of a connection that wait below TCP.
    public static final Sysctl.Int LIMIT_OUTPUT_BYTES =
            TABLE.integer(
                    "tcp_limit_output_bytes", 4 << 20, "Bytes of a connection that wait below TCP");

    /// Largest tolerated reordering, segments.
    public static final Sysctl.Int MAX_REORDERING =
            TABLE.integer(
                    "tcp_max_reordering",
                    300,
                    1,
                    Integer.MAX_VALUE,
                    "Largest tolerated reordering, segments");

    /// Half-open connections without SYN cookies.
    public static final Sysctl.Int MAX_SYN_BACKLOG =
            TABLE.integer(
                    "tcp_max_syn_backlog",
                    m -> Math.max(128, m.tcpHashEntries() / 128),
                    Integer.MIN_VALUE,
                    "Half-open connections without SYN cookies");

    /// Connections in TIME-WAIT.
    public static final Sysctl.Int MAX_TW_BUCKETS =
            TABLE.integer(
                    "tcp_max_tw_buckets",
                    m -> m.tcpHashEntries() / 2,
                    Integer.MIN_VALUE,
                    "Connections in TIME-WAIT");

    /// Pending connections move to another listener.
    public static final Sysctl.Bool MIGRATE_REQ =
            TABLE.onOff("tcp_migrate_req", false, "Pending connections move to another listener");

    /// Time over which the smallest round trip is kept, seconds.
    public static final Sysctl.Int MIN_RTT_WLEN =
            TABLE.integer(
                    "tcp_min_rtt_wlen",
                    300,
                    0,
                    86400,
                    "Time over which the smallest round trip is kept, seconds");

    /// Smallest segment size for sending.
    public static final Sysctl.Int MIN_SND_MSS =
            TABLE.integer("tcp_min_snd_mss", 48, 48, 65535, "Smallest segment size for sending");

    /// Smallest large segment, segments.
    public static final Sysctl.Int MIN_TSO_SEGS =
            TABLE.u8("tcp_min_tso_segs", 2, 1, 255, "Smallest large segment, segments");

    /// Let the receive buffer grow.
    public static final Sysctl.Bool MODERATE_RCVBUF =
            TABLE.flag("tcp_moderate_rcvbuf", true, "Let the receive buffer grow");

    /// Smallest size that MTU probing tries.
    public static final Sysctl.Int MTU_PROBE_FLOOR =
            TABLE.integer(
                    "tcp_mtu_probe_floor", 48, 48, 65535, "Smallest size that MTU probing tries");

    /// MTU probing (RFC 4821): 0 off, 1 after a black hole, 2 always.
    public static final Sysctl.Int MTU_PROBING =
            TABLE.u8(
                    "tcp_mtu_probing",
                    0,
                    "MTU probing (RFC 4821): 0 off, 1 after a black hole, 2 always");

    /// Do not remember a peer's metrics.
    public static final Sysctl.Bool NO_METRICS_SAVE =
            TABLE.flag("tcp_no_metrics_save", false, "Do not remember a peer's metrics");

    /// Do not remember a peer's slow start threshold.
    public static final Sysctl.Bool NO_SSTHRESH_METRICS_SAVE =
            TABLE.onOff(
                    "tcp_no_ssthresh_metrics_save",
                    true,
                    "Do not remember a peer's slow start threshold");

    /// Unsent bytes of a writable socket.
    public static final Sysctl.UInt NOTSENT_LOWAT =
            TABLE.uint("tcp_notsent_lowat", 0xffff_ffffL, "Unsent bytes of a writable socket");

    /// Retransmissions of an orphan; 0 stands for 8.
    public static final Sysctl.Int ORPHAN_RETRIES =
            TABLE.u8("tcp_orphan_retries", 0, "Retransmissions of an orphan; 0 stands for 8");

    /// Pacing rate in congestion avoidance, percent of window per round trip.
    public static final Sysctl.Int PACING_CA_RATIO =
            TABLE.integer(
                    "tcp_pacing_ca_ratio",
                    120,
                    0,
                    1000,
                    "Pacing rate in congestion avoidance, percent of window per round trip");

    /// Pacing rate in slow start, percent of window per round trip.
    public static final Sysctl.Int PACING_SS_RATIO =
            TABLE.integer(
                    "tcp_pacing_ss_ratio",
                    200,
                    0,
                    1000,
                    "Pacing rate in slow start, percent of window per round trip");

    /// Requests that make it interactive.
    public static final Sysctl.Int PINGPONG_THRESH =
            TABLE.u8("tcp_pingpong_thresh", 1, 1, 255, "Requests that make it interactive");

    /// Load balancing: marks of a congested round, 1/256.
    public static final Sysctl.Int PLB_CONG_THRESH =
            TABLE.integer(
                    "tcp_plb_cong_thresh",
                    128,
                    0,
                    256,
                    "Load balancing: marks of a congested round, 1/256");

    /// Load balancing by changes of the flow label.
    public static final Sysctl.Bool PLB_ENABLED =
            TABLE.onOff("tcp_plb_enabled", false, "Load balancing by changes of the flow label");

    /// Load balancing: congested rounds while idle.
    public static final Sysctl.Int PLB_IDLE_REHASH_ROUNDS =
            TABLE.u8(
                    "tcp_plb_idle_rehash_rounds",
                    3,
                    0,
                    31,
                    "Load balancing: congested rounds while idle");

    /// Load balancing: congested rounds.
    public static final Sysctl.Int PLB_REHASH_ROUNDS =
            TABLE.u8("tcp_plb_rehash_rounds", 12, 0, 31, "Load balancing: congested rounds");

    /// Load balancing: pause after a timeout, s.
    public static final Sysctl.Int PLB_SUSPEND_RTO_SEC =
            TABLE.u8("tcp_plb_suspend_rto_sec", 60, "Load balancing: pause after a timeout, s");

    /// Time between MTU probes, seconds.
    public static final Sysctl.UInt PROBE_INTERVAL =
            TABLE.uint(
                    "tcp_probe_interval",
                    600,
                    v -> 0xffff_ffffL / v.machine().hz(),
                    "Time between MTU probes, seconds");

    /// Range at which MTU probing ends, bytes.
    public static final Sysctl.Int PROBE_THRESHOLD =
            TABLE.integer("tcp_probe_threshold", 8, "Range at which MTU probing ends, bytes");

    /// Loss recovery, bits: 1 RACK (RFC 8985), 2 static reordering window, 4 no duplicate ACK
    /// threshold.
    public static final Sysctl.Int RECOVERY =
            TABLE.u8(
                    "tcp_recovery",
                    1,
                    "Loss recovery, bits: 1 RACK (RFC 8985), 2 static reordering window, 4 no duplicate ACK threshold");

    /// Answer with the type of service of the SYN.
    public static final Sysctl.Bool REFLECT_TOS =
            TABLE.onOff("tcp_reflect_tos", false, "Answer with the type of service of the SYN");

    /// Reordering assumed at the start, segments.
    public static final Sysctl.Int REORDERING =
            TABLE.integer(
                    "tcp_reordering",
                    m -> 3,
                    v -> 1,
                    v -> v.get(TcpSysctls.MAX_REORDERING),
                    "Reordering assumed at the start, segments");

    /// Merge segments when sent again.
    public static final Sysctl.Bool RETRANS_COLLAPSE =
            TABLE.flag("tcp_retrans_collapse", true, "Merge segments when sent again");

    /// Retransmissions before the path is doubted.
    public static final Sysctl.Int RETRIES1 =
            TABLE.u8("tcp_retries1", 3, "Retransmissions before the path is doubted");

    /// Retransmissions before giving up.
    public static final Sysctl.Int RETRIES2 =
            TABLE.u8("tcp_retries2", 15, "Retransmissions before giving up");

    /// Ignore resets in TIME-WAIT (RFC 1337).
    public static final Sysctl.Bool RFC1337 =
            TABLE.flag("tcp_rfc1337", false, "Ignore resets in TIME-WAIT (RFC 1337)");

    /// Largest retransmission timeout, ms.
    public static final Sysctl.Int RTO_MAX_MS =
            TABLE.integer(
                    "tcp_rto_max_ms", 120_000, 1000, 120_000, "Largest retransmission timeout, ms");

    /// Smallest retransmission timeout, µs.
    public static final Sysctl.Int RTO_MIN_US =
            TABLE.integer(
                    "tcp_rto_min_us",
                    200_000,
                    1,
                    Integer.MAX_VALUE,
                    "Smallest retransmission timeout, µs");

    /// Selective acknowledgements (RFC 2018).
    public static final Sysctl.Bool SACK =
            TABLE.flag("tcp_sack", true, "Selective acknowledgements (RFC 2018)");

    /// The window may shrink.
    public static final Sysctl.Bool SHRINK_WINDOW =
            TABLE.onOff("tcp_shrink_window", false, "The window may shrink");

    /// Smaller window after idle time (RFC 5681).
    public static final Sysctl.Bool SLOW_START_AFTER_IDLE =
            TABLE.flag(
                    "tcp_slow_start_after_idle", true, "Smaller window after idle time (RFC 5681)");

    /// Urgent pointer as RFC 793 has it.
    public static final Sysctl.Bool STDURG =
            TABLE.flag("tcp_stdurg", false, "Urgent pointer as RFC 793 has it");

    /// Timeouts of a SYN before they double.
    public static final Sysctl.Int SYN_LINEAR_TIMEOUTS =
            TABLE.u8("tcp_syn_linear_timeouts", 4, 0, 127, "Timeouts of a SYN before they double");

    /// Retransmissions of a SYN.
    public static final Sysctl.Int SYN_RETRIES =
            TABLE.u8("tcp_syn_retries", 6, 1, 127, "Retransmissions of a SYN");

    /// Retransmissions of a SYN-ACK.
    public static final Sysctl.Int SYNACK_RETRIES =
            TABLE.u8("tcp_synack_retries", 5, "Retransmissions of a SYN-ACK");

    /// SYN cookies: 0 never, 1 when the SYN queue is full, 2 always.
    public static final Sysctl.Int SYNCOOKIES =
            TABLE.u8(
                    "tcp_syncookies",
                    1,
                    "SYN cookies: 0 never, 1 when the SYN queue is full, 2 always");

    /// No exponential backoff for thin streams.
    public static final Sysctl.Bool THIN_LINEAR_TIMEOUTS =
            TABLE.flag(
                    "tcp_thin_linear_timeouts", false, "No exponential backoff for thin streams");

    /// Timestamps (RFC 7323): 0 off, 1 with random offsets, 2 without.
    public static final Sysctl.Int TIMESTAMPS =
            TABLE.u8(
                    "tcp_timestamps",
                    1,
                    "Timestamps (RFC 7323): 0 off, 1 with random offsets, 2 without");

    /// Large segments at short round trips: log2 of a step in µs; 0 off.
    public static final Sysctl.Int TSO_RTT_LOG =
            TABLE.u8(
                    "tcp_tso_rtt_log",
                    9,
                    "Large segments at short round trips: log2 of a step in µs; 0 off");

    /// Part of the window in one segment.
    public static final Sysctl.Int TSO_WIN_DIVISOR =
            TABLE.u8("tcp_tso_win_divisor", 3, "Part of the window in one segment");

    /// A new connection may take the place of one in TIME-WAIT: 0 no, 1 yes, 2 over loopback.
    public static final Sysctl.Int TW_REUSE =
            TABLE.u8(
                    "tcp_tw_reuse",
                    2,
                    0,
                    2,
                    "A new connection may take the place of one in TIME-WAIT: 0 no, 1 yes, 2 over loopback");

    /// Age in TIME-WAIT before that, ms.
    public static final Sysctl.UInt TW_REUSE_DELAY =
            TABLE.uint("tcp_tw_reuse_delay", 1000, 1, 60_000, "Age in TIME-WAIT before that, ms");

    /// Window scaling (RFC 7323).
    public static final Sysctl.Bool WINDOW_SCALING =
            TABLE.flag("tcp_window_scaling", true, "Window scaling (RFC 7323)");

    /// The peer takes the window for signed.
    public static final Sysctl.Bool WORKAROUND_SIGNED_WINDOWS =
            TABLE.flag(
                    "tcp_workaround_signed_windows", false, "The peer takes the window for signed");

    // A new namespace begins with the values of the initial one.

    /// Congestion control of new sockets.
    public static final Sysctl.Text CONGESTION_CONTROL =
            INHERITED.text(
                    "tcp_congestion_control",
                    SysctlSpec.READ_WRITE,
                    CongestionNames.DEFAULT,
                    TextHandlers.DEFAULT_CONGESTION,
                    "Congestion control of new sockets");

    /// Receive buffer, bytes: smallest, default, largest by autotuning.
    public static final Sysctl.Ints RMEM =
            INHERITED.ints(
                    "tcp_rmem",
                    3,
                    1,
                    Machine::tcpRmem,
                    "Receive buffer, bytes: smallest, default, largest by autotuning");

    /// Send buffer, bytes: smallest, default, largest by autotuning.
    public static final Sysctl.Ints WMEM =
            INHERITED.ints(
                    "tcp_wmem",
                    3,
                    1,
                    Machine::tcpWmem,
                    "Send buffer, bytes: smallest, default, largest by autotuning");

    // Shared by all namespaces of a stack and seen in the initial one only.

    /// Upper layer protocols that exist.
    public static final Sysctl.Virtual AVAILABLE_ULP =
            INITIAL.virtual(
                    "tcp_available_ulp",
                    SysctlSpec.READ_ONLY,
                    TextHandlers.EMPTY,
                    "Upper layer protocols that exist");

    /// Without an effect.
    public static final Sysctl.Int LOW_LATENCY =
            INITIAL.integer("tcp_low_latency", 0, "Without an effect");

    /// Connections without a descriptor.
    public static final Sysctl.Int MAX_ORPHANS =
            INITIAL.integer(
                    "tcp_max_orphans",
                    m -> m.tcpHashEntries() / 2,
                    Integer.MIN_VALUE,
                    "Connections without a descriptor");

    /// Memory of TCP, pages: no pressure, pressure, limit.
    public static final Sysctl.ULongs MEM =
            INITIAL.ulongs(
                    "tcp_mem",
                    m -> m.memoryLimits(16),
                    "Memory of TCP, pages: no pressure, pressure, limit");

    // Only the initial namespace may write them.

    /// Congestion controls that everybody may choose.
    public static final Sysctl.Virtual ALLOWED_CONGESTION_CONTROL =
            WRITABLE.virtual(
                    "tcp_allowed_congestion_control",
                    SysctlSpec.READ_WRITE,
                    TextHandlers.ALLOWED_CONGESTION,
                    "Congestion controls that everybody may choose");

    private TcpSysctls() {}
}
