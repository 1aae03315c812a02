package dev.linnet.net.tcp;

import dev.linnet.kernel.Kernel;

/// What a congestion control hears of between ACKs (`enum tcp_ca_event`).
@Kernel("tcp_ca_event")
public enum CaEvent {
    /// First transmission when nothing is in flight.
    TX_START,
    /// The congestion window is restarted after an idle time.
    CWND_RESTART,
    /// The reduction of the window is done.
    COMPLETE_CWR,
    /// A timeout.
    LOSS,
    /// A packet came without and with a CE mark.
    ECN_NO_CE,
    ECN_IS_CE
}
