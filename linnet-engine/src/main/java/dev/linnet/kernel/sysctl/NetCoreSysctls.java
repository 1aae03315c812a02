package dev.linnet.kernel.sysctl;

import dev.linnet.kernel.sysctl.SysctlSpec.Scope;

/// `net.core.*`: knobs of sockets, devices and packet memory.
///
/// Mirrors `net/core/sysctl_net_core.c`.
public final class NetCoreSysctls {
    static final SysctlTable TABLE = SysctlTable.of("net.core.");
    private static final SysctlTable READABLE = TABLE.in(Scope.INITIAL_READABLE);
    private static final SysctlTable INITIAL = TABLE.in(Scope.INITIAL);

    /// Bytes of options and control messages per socket.
    public static final Sysctl.Int OPTMEM_MAX =
            TABLE.integer(
                    "optmem_max",
                    131072,
                    0,
                    Integer.MAX_VALUE,
                    "Bytes of options and control messages per socket");

    /// Upper bound of the backlog of listen.
    public static final Sysctl.Int SOMAXCONN =
            TABLE.integer(
                    "somaxconn",
                    4096,
                    0,
                    Integer.MAX_VALUE,
                    "Upper bound of the backlog of listen");

    /// Programs without privileges get timestamped packets back with their data.
    public static final Sysctl.Bool TSTAMP_ALLOW_DATA =
            TABLE.onOff(
                    "tstamp_allow_data",
                    true,
                    "Programs without privileges get timestamped packets back with their data");

    /// Choose a new flow hash when data does not arrive.
    public static final Sysctl.Bool TXREHASH =
            TABLE.onOff("txrehash", true, "Choose a new flow hash when data does not arrive");

    // Shared by all namespaces of a stack; only the initial one may write them.

    /// Receive buffer of a new socket, bytes.
    public static final Sysctl.Int RMEM_DEFAULT =
            READABLE.integer(
                    "rmem_default",
                    212992,
                    2304,
                    Integer.MAX_VALUE,
                    "Receive buffer of a new socket, bytes");

    /// Upper bound of SO_RCVBUF, bytes.
    public static final Sysctl.Int RMEM_MAX =
            READABLE.integer(
                    "rmem_max",
                    4194304,
                    2304,
                    Integer.MAX_VALUE,
                    "Upper bound of SO_RCVBUF, bytes");

    /// Send buffer of a new socket, bytes.
    public static final Sysctl.Int WMEM_DEFAULT =
            READABLE.integer(
                    "wmem_default",
                    212992,
                    4608,
                    Integer.MAX_VALUE,
                    "Send buffer of a new socket, bytes");

    /// Upper bound of SO_SNDBUF, bytes.
    public static final Sysctl.Int WMEM_MAX =
            READABLE.integer(
                    "wmem_max",
                    4194304,
                    4608,
                    Integer.MAX_VALUE,
                    "Upper bound of SO_SNDBUF, bytes");

    // Shared by all namespaces of a stack and seen in the initial one only.

    /// Microseconds that poll may poll devices.
    public static final Sysctl.Int BUSY_POLL =
            INITIAL.integer(
                    "busy_poll",
                    0,
                    0,
                    Integer.MAX_VALUE,
                    "Microseconds that poll may poll devices");

    /// Microseconds that a read may poll its device, default of SO_BUSY_POLL.
    public static final Sysctl.Int BUSY_READ =
            INITIAL.integer(
                    "busy_read",
                    0,
                    0,
                    Integer.MAX_VALUE,
                    "Microseconds that a read may poll its device, default of SO_BUSY_POLL");

    /// Queueing discipline of new devices.
    public static final Sysctl.Text DEFAULT_QDISC =
            INITIAL.text(
                    "default_qdisc",
                    SysctlSpec.READ_WRITE,
                    "pfifo_fast",
                    TextHandlers.QDISC,
                    "Queueing discipline of new devices");

    /// Packets that a device may hand up in one round.
    public static final Sysctl.Int DEV_WEIGHT =
            INITIAL.integer(
                    "dev_weight",
                    64,
                    1,
                    Integer.MAX_VALUE,
                    "Packets that a device may hand up in one round");

    /// Factor of dev_weight for the backlog.
    public static final Sysctl.Int DEV_WEIGHT_RX_BIAS =
            INITIAL.integer(
                    "dev_weight_rx_bias",
                    1,
                    1,
                    Integer.MAX_VALUE,
                    "Factor of dev_weight for the backlog");

    /// Factor of dev_weight for sending.
    public static final Sysctl.Int DEV_WEIGHT_TX_BIAS =
            INITIAL.integer(
                    "dev_weight_tx_bias",
                    1,
                    1,
                    Integer.MAX_VALUE,
                    "Factor of dev_weight for sending");

    /// conf.all and .default of a new namespace: 0 IPv4 inherited, 1 both, 2 none, 3 creator's.
    public static final Sysctl.Int DEVCONF_INHERIT_INIT_NET =
            INITIAL.integer(
                    "devconf_inherit_init_net",
                    0,
                    0,
                    3,
                    "conf.all and .default of a new namespace: 0 IPv4 inherited, 1 both, 2 none, 3 creator's");

    /// Where fallback tunnels are made.
    public static final Sysctl.Int FB_TUNNELS_ONLY_FOR_INIT_NET =
            INITIAL.integer(
                    "fb_tunnels_only_for_init_net", 0, 0, 2, "Where fallback tunnels are made");

    /// Packets collected before they are handed up together.
    public static final Sysctl.Int GRO_NORMAL_BATCH =
            INITIAL.integer(
                    "gro_normal_batch",
                    8,
                    1,
                    Integer.MAX_VALUE,
                    "Packets collected before they are handed up together");

    /// Take single pages for packets.
    public static final Sysctl.Int HIGH_ORDER_ALLOC_DISABLE =
            INITIAL.integer("high_order_alloc_disable", 0, 0, 1, "Take single pages for packets");

    /// Fragments of memory that one packet may have.
    public static final Sysctl.Int MAX_SKB_FRAGS =
            INITIAL.integer(
                    "max_skb_frags", 17, 1, 17, "Fragments of memory that one packet may have");

    /// Pages that a processor sets aside from a protocol's memory.
    public static final Sysctl.Int MEM_PCPU_RSV =
            INITIAL.integer(
                    "mem_pcpu_rsv",
                    256,
                    256,
                    Integer.MAX_VALUE,
                    "Pages that a processor sets aside from a protocol's memory");

    /// Warnings that may be printed at once.
    public static final Sysctl.Int MESSAGE_BURST =
            INITIAL.integer("message_burst", 10, "Warnings that may be printed at once");

    /// Time that a printed warning costs.
    public static final Sysctl.Int MESSAGE_COST =
            INITIAL.seconds("message_cost", 5, "Time that a printed warning costs");

    /// Packets handled in one run of the receive soft interrupt.
    public static final Sysctl.Int NETDEV_BUDGET =
            INITIAL.integer(
                    "netdev_budget",
                    300,
                    "Packets handled in one run of the receive soft interrupt");

    /// Microseconds of one run of the receive soft interrupt.
    public static final Sysctl.Int NETDEV_BUDGET_USECS =
            INITIAL.integer(
                    "netdev_budget_usecs",
                    m -> 2_000_000 / m.hz(),
                    v -> 2_000_000 / v.machine().hz(),
                    v -> Integer.MAX_VALUE,
                    "Microseconds of one run of the receive soft interrupt");

    /// Packets that wait for the receive soft interrupt.
    public static final Sysctl.Int NETDEV_MAX_BACKLOG =
            INITIAL.integer(
                    "netdev_max_backlog", 1000, "Packets that wait for the receive soft interrupt");

    /// Key of the devices' receive hash.
    public static final Sysctl.Text NETDEV_RSS_KEY =
            INITIAL.text(
                    "netdev_rss_key",
                    SysctlSpec.READ_ONLY,
                    "00" + ":00".repeat(51),
                    ProcHandler.READ_ONLY_TEXT,
                    "Key of the devices' receive hash");

    /// Timestamp packets before they wait.
    public static final Sysctl.Bool NETDEV_TSTAMP_PREQUEUE =
            INITIAL.intFlag("netdev_tstamp_prequeue", true, "Timestamp packets before they wait");

    /// Time after which a device that is still in use is reported.
    public static final Sysctl.Int NETDEV_UNREGISTER_TIMEOUT_SECS =
            INITIAL.integer(
                    "netdev_unregister_timeout_secs",
                    10,
                    1,
                    3600,
                    "Time after which a device that is still in use is reported");

    /// Packets that wait to be freed by the processor that made them.
    public static final Sysctl.Int SKB_DEFER_MAX =
            INITIAL.integer(
                    "skb_defer_max",
                    64,
                    0,
                    Integer.MAX_VALUE,
                    "Packets that wait to be freed by the processor that made them");

    /// Without an effect.
    public static final Sysctl.Bool WARNINGS =
            INITIAL.intFlag("warnings", false, "Without an effect");

    private NetCoreSysctls() {}
}
